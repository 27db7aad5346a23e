import { describe, expect, it } from 'vitest'
import { newId } from '../../contract/ids.ts'
import { vaultPaths } from '../../contract/names.ts'
import { manualClock } from '../clock/fake.ts'
import { createFakeVault } from './fake.ts'
import { conformsToVaultPort } from './testing/conformance.ts'

const open = () => createFakeVault(manualClock())

describe('the fake Vault', () => {
  conformsToVaultPort(open)

  it('fails every call while it is down, and shows tests what it holds', async () => {
    const vault = open()
    const path = vaultPaths.user(newId('usr'))
    await vault.writeSecret(path, { KEY: 'value' }, { checkAndSet: 0 })
    expect(vault.peek(path, 1)).toEqual({ KEY: 'value' })
    expect(vault.paths()).toEqual([path])
    vault.setDown(true)
    await expect(vault.deleteAll(path)).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' })
    expect(await vault.health()).toMatchObject({ isHealthy: false })
    vault.setDown(false)
    await vault.destroyVersions(path, [1])
    expect(vault.peek(path, 1)).toBeUndefined()
  })
})
