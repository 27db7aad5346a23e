import type { VaultPath } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { Clock } from '../clock/port.ts'
import { folderOf, pathOf } from './path.ts'
import type { SecretData, VaultPort, WriteOptions } from './port.ts'

interface StoredVersion {
  readonly createdAt: Date
  data: SecretData | undefined
}

/** Vault in memory, for unit tests: the same answers as the real one, and doors that only tests may use. */
export interface FakeVault extends VaultPort {
  /** From now on every call finds Vault down (or up again). */
  setDown(isDown: boolean): void
  /** The values of a version; undefined when it was never written, or is gone. */
  peek(path: VaultPath, version: number): SecretData | undefined
  /** Paths of all secrets that exist, sorted. */
  paths(): readonly string[]
}

/** What the fake holds. */
class Store {
  /** Versions from 1, by path. */
  readonly secrets = new Map<string, StoredVersion[]>()
  readonly clock: Clock
  isDown = false

  constructor(clock: Clock) {
    this.clock = clock
  }

  reach(): void {
    if (this.isDown) fail('VAULT_UNAVAILABLE', {}, { because: 'the fake is set down' })
  }

  versionsOf(path: VaultPath): StoredVersion[] {
    return this.secrets.get(pathOf(path)) ?? []
  }

  append(path: VaultPath, data: SecretData, { checkAndSet }: WriteOptions): number {
    const versions = this.versionsOf(path)
    if (checkAndSet !== versions.length) fail('VAULT_CONFLICT', {}, { because: 'check-and-set' })
    const createdAt = new Date(this.clock.nowMs())
    this.secrets.set(pathOf(path), [...versions, { data: { ...data }, createdAt }])
    return versions.length + 1
  }
}

/** @param clock stamps the versions. */
export function createFakeVault(clock: Clock): FakeVault {
  const store = new Store(clock)
  return {
    ...writesOf(store),
    ...readsOf(store),
    close: async () => undefined,
    setDown: (isDown) => void (store.isDown = isDown),
    peek: (path, version) => store.versionsOf(path)[version - 1]?.data,
    paths: () => [...store.secrets.keys()].toSorted(),
  }
}

function writesOf(
  store: Store,
): Pick<VaultPort, 'writeSecret' | 'mergeSecret' | 'destroyVersions' | 'deleteAll'> {
  return {
    async writeSecret(path, data, options) {
      store.reach()
      return store.append(path, data, options)
    },
    async mergeSecret(path, changes, options) {
      store.reach()
      const newest = store.versionsOf(path).at(-1)?.data
      if (newest === undefined) return undefined
      const merged = Object.entries({ ...newest, ...changes }).filter(([, value]) => value !== null)
      return store.append(path, Object.fromEntries(merged) as SecretData, options)
    },
    async destroyVersions(path, versions) {
      store.reach()
      for (const version of versions) {
        const stored = store.versionsOf(path)[version - 1]
        if (stored) stored.data = undefined
      }
    },
    async deleteAll(path) {
      store.reach()
      store.secrets.delete(pathOf(path))
    },
  }
}

function readsOf(store: Store): Pick<VaultPort, 'readMetadata' | 'listChildren' | 'health'> {
  return {
    async readMetadata(path) {
      store.reach()
      const versions = store.versionsOf(path)
      if (versions.length === 0) return undefined
      const infos = versions.map(({ createdAt, data }, index) => ({
        version: index + 1,
        createdAt,
        isDestroyed: data === undefined,
      }))
      return { currentVersion: versions.length, versions: infos }
    },
    async listChildren(folder) {
      store.reach()
      const prefix = `${folderOf(folder)}/`
      const below = [...store.secrets.keys()].filter((path) => path.startsWith(prefix))
      const names = below.map((path) => path.slice(prefix.length).replace(/\/.*$/, '/'))
      return [...new Set(names)].toSorted()
    },
    health: async () => (store.isDown ? { isHealthy: false, reason: 'Vault is down.' } : { isHealthy: true }),
  }
}
