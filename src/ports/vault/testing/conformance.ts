import { expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { generateName, ServiceName, vaultPaths } from '../../../contract/names.ts'
import type { VaultPort } from '../port.ts'

function somewhere() {
  const userId = newId('usr')
  const name = generateName()
  return { userId, name, path: vaultPaths.deployment({ userId, name }) }
}

/** Sentence → what shows it. */
const cases: Record<string, (vault: VaultPort) => Promise<void>> = {
  async 'numbers versions from 1 and keeps them all'(vault) {
    const { path } = somewhere()
    expect(await vault.writeSecret(path, { KEY: 'one' }, { checkAndSet: 0 })).toBe(1)
    expect(await vault.writeSecret(path, { KEY: 'two' }, { checkAndSet: 1 })).toBe(2)
    const metadata = await vault.readMetadata(path)
    expect(metadata).toMatchObject({
      currentVersion: 2,
      versions: [
        { version: 1, isDestroyed: false },
        { version: 2, isDestroyed: false },
      ],
    })
    expect(Number(metadata?.versions[1]?.createdAt)).toBeGreaterThan(Date.UTC(2020, 0))
  },
  async 'refuses a write that another one came before'(vault) {
    const { path } = somewhere()
    await vault.writeSecret(path, { KEY: 'one' }, { checkAndSet: 0 })
    const conflict = { code: 'VAULT_CONFLICT' }
    await expect(vault.writeSecret(path, { KEY: 'x' }, { checkAndSet: 0 })).rejects.toMatchObject(conflict)
    await expect(vault.writeSecret(path, { KEY: 'x' }, { checkAndSet: 2 })).rejects.toMatchObject(conflict)
    expect(await vault.readMetadata(path)).toMatchObject({ currentVersion: 1 })
  },
  async 'merges keys into the newest version, if nobody came before and there is one'(vault) {
    const { path } = somewhere()
    expect(await vault.mergeSecret(path, { A: 'x' }, { checkAndSet: 0 })).toBeUndefined()
    await vault.writeSecret(path, { A: 'one', B: 'two' }, { checkAndSet: 0 })
    const conflict = { code: 'VAULT_CONFLICT' }
    await expect(vault.mergeSecret(path, { A: 'x' }, { checkAndSet: 0 })).rejects.toMatchObject(conflict)
    expect(await vault.mergeSecret(path, { A: 'new', B: null, C: 'c' }, { checkAndSet: 1 })).toBe(2)
    await vault.destroyVersions(path, [2])
    expect(await vault.mergeSecret(path, { A: 'x' }, { checkAndSet: 2 })).toBeUndefined()
    expect(await vault.readMetadata(path)).toMatchObject({ currentVersion: 2 })
  },
  async 'lets one of many simultaneous writers win'(vault) {
    const { path } = somewhere()
    const writers = Array.from({ length: 8 }, async (_, index) =>
      vault.writeSecret(path, { KEY: String(index) }, { checkAndSet: 0 }),
    )
    const results = await Promise.allSettled(writers)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await vault.readMetadata(path)).toMatchObject({ currentVersion: 1 })
  },
  async 'destroys the versions that are named, and no others'(vault) {
    const { path } = somewhere()
    for (const version of [0, 1, 2]) await vault.writeSecret(path, { KEY: 'x' }, { checkAndSet: version })
    await vault.destroyVersions(path, [1, 3])
    await vault.destroyVersions(path, [1])
    await vault.destroyVersions(path, [])
    expect((await vault.readMetadata(path))?.versions.map(({ isDestroyed }) => isDestroyed)).toEqual([
      true,
      false,
      true,
    ])
    expect(await vault.writeSecret(path, { KEY: 'x' }, { checkAndSet: 3 })).toBe(4)
  },
  async 'finds nothing where nothing was written, and removes nothing there without complaint'(vault) {
    const { path, userId } = somewhere()
    expect(await vault.readMetadata(path)).toBeUndefined()
    expect(await vault.listChildren({ of: 'deployments', userId })).toEqual([])
    await vault.destroyVersions(path, [1])
    await vault.deleteAll(path)
    expect(await vault.readMetadata(path)).toBeUndefined()
  },
  async 'deletes a secret with all its versions and begins again at 1'(vault) {
    const { path } = somewhere()
    await vault.writeSecret(path, { KEY: 'x' }, { checkAndSet: 0 })
    await vault.writeSecret(path, { KEY: 'x' }, { checkAndSet: 1 })
    await vault.deleteAll(path)
    expect(await vault.readMetadata(path)).toBeUndefined()
    expect(await vault.writeSecret(path, { KEY: 'x' }, { checkAndSet: 0 })).toBe(1)
  },
  async 'lists what lies below a folder'(vault) {
    const { path, userId, name } = somewhere()
    const service = ServiceName.parse('web')
    await vault.writeSecret(path, { KEY: 'x' }, { checkAndSet: 0 })
    await vault.writeSecret(vaultPaths.deployment({ userId, name, service }), { A: 'x' }, { checkAndSet: 0 })
    const below = await vault.listChildren({ of: 'deployments', userId })
    expect(below.toSorted()).toEqual([name, `${name}/`])
    expect(await vault.listChildren({ of: 'services', below: path })).toEqual(['web'])
    expect(await vault.listChildren({ of: 'templates', userId })).toEqual([])
    expect(await vault.listChildren({ of: 'users' })).toContain(`${userId.slice(4)}/`)
  },
  async 'keeps the secrets of a service when those of its deployment are deleted'(vault) {
    const { path, userId, name } = somewhere()
    const ofService = vaultPaths.deployment({ userId, name, service: ServiceName.parse('web') })
    await vault.writeSecret(path, { KEY: 'x' }, { checkAndSet: 0 })
    await vault.writeSecret(ofService, { KEY: 'x' }, { checkAndSet: 0 })
    await vault.deleteAll(path)
    expect(await vault.readMetadata(ofService)).toMatchObject({ currentVersion: 1 })
  },
  async 'takes keys and values as they are'(vault) {
    const { path } = somewhere()
    const data = { A_1: '', B: 'ünï\u0000\n"{{x}}"', C: 'x'.repeat(64 * 1024) }
    expect(await vault.writeSecret(path, data, { checkAndSet: 0 })).toBe(1)
  },
  async 'refuses a path that is none of the layout, however it was cast'(vault) {
    const { path } = somewhere()
    for (const wrong of [`${path}/../other`, `${path}%2f..`, 'sys/health', `${path}?x=1`, `${path}#`, '']) {
      await expect(vault.readMetadata(wrong as typeof path)).rejects.toThrow('path of a secret')
      await expect(vault.deleteAll(wrong as typeof path)).rejects.toThrow('path of a secret')
    }
  },
  async 'says that it is healthy'(vault) {
    expect(await vault.health()).toEqual({ isHealthy: true })
  },
}

/** What every Vault port does, the real one and the fake: run against both, so that the fake stays true. */
export function conformsToVaultPort(open: () => VaultPort): void {
  it.each(Object.entries(cases))('%s', async (_, show) => {
    await expect(show(open())).resolves.toBeUndefined()
  })
}
