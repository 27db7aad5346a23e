import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { request } from 'undici'
import { stackEnv } from '../../../e2e/fixtures/cluster.ts'
import { idBody, newId } from '../../contract/ids.ts'
import { vaultPaths } from '../../contract/names.ts'
import { createVault } from './node-vault.ts'
import { conformsToVaultPort } from './testing/conformance.ts'
import { chance } from '../../testing/hostile-words.ts'
import { hostileCall } from './testing/hostile-calls.ts'

describe('Vault through node-vault, with the token of the server', () => {
  const file = stackEnv('VAULT_TOKEN_FILE')
  const address = stackEnv('VAULT_ADDR')
  const vault = createVault({ address, token: { file }, mount: 'secret' })
  afterAll(async () => vault.close())

  conformsToVaultPort(() => vault)

  it('cannot read a value back', async () => {
    const path = vaultPaths.user(newId('usr'))
    await vault.writeSecret(path, { KEY: 'value' }, { checkAndSet: 0 })
    const answer = await request(`${address}/v1/secret/data/${path}`, {
      headers: { 'x-vault-token': readFileSync(file, 'utf8').trim() },
    })
    expect(answer.statusCode).toBe(403)
    expect(await answer.body.text()).not.toContain('value"')
  })

  it("writes nothing outside the user's own folder, whatever names it is given", async () => {
    const userId = newId('usr')
    const before = await vault.listChildren({ of: 'users' })
    const below = chance(inject('testSeed'))
    for (let done = 0; done < 2_000; done += 20) {
      await Promise.all(Array.from({ length: 20 }, async () => hostileCall(vault, userId, below)))
    }
    const after = await vault.listChildren({ of: 'users' })
    expect(after.filter((name) => !before.includes(name) && name !== `${idBody(userId)}/`)).toEqual([])
  })

  it('may do nothing that the server has no need for', async () => {
    const token = readFileSync(file, 'utf8').trim()
    const ask = async (method: 'GET' | 'POST' | 'DELETE', path: string): Promise<number> => {
      const headers = { 'x-vault-token': token }
      const answer = await request(`${address}/v1/${path}`, {
        method,
        headers,
        ...(method === 'POST' ? { body: '{}' } : {}),
      })
      await answer.body.dump()
      return answer.statusCode
    }
    const refusals = [
      ask('GET', 'sys/mounts'),
      ask('GET', 'sys/auth'),
      ask('GET', 'sys/policies/acl/shipyard-server'),
      ask('POST', 'sys/policies/acl/shipyard-server'),
      ask('POST', 'auth/token/create'),
      ask('POST', 'auth/approle/role/shipyard-server/secret-id'),
      ask('POST', 'secret/config'),
      ask('DELETE', 'sys/mounts/secret'),
    ]
    expect(new Set(await Promise.all(refusals))).toEqual(new Set([403]))
  })

  it('is unhealthy, and takes nothing, with a token that is not known', async () => {
    const other = createVault({ address, token: { value: 's.unknown' }, mount: 'secret' })
    expect(await other.health()).toEqual({ isHealthy: false, reason: expect.stringContaining('403') })
    await expect(
      other.writeSecret(vaultPaths.user(newId('usr')), { KEY: 'x' }, { checkAndSet: 0 }),
    ).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' })
    await other.close()
  })
})
