import type { VaultPath } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import {
  childrenOf,
  isAnsweredBy,
  isStaleWrite,
  metadataOf,
  reasonOf,
  sickness,
  writtenVersion,
} from './answers.ts'
import { connect, type Send, type VaultClient, type VaultSettings } from './client.ts'
import { folderOf, pathOf } from './path.ts'
import type { VaultHealth, VaultPort } from './port.ts'

/** Vault, or OpenBao, at a KV version 2 mount. */
export function createVault(settings: VaultSettings): VaultPort {
  const client = connect(settings)
  const mount = encodeURIComponent(settings.mount)
  const data = (path: VaultPath): string => `${mount}/data/${pathOf(path)}`
  const metadata = (path: VaultPath): string => `${mount}/metadata/${pathOf(path)}`

  const call = async <T>(send: Send<T>): Promise<T> => client.send(send).catch(translate)
  /** The same; undefined where there is no such thing. */
  const ask = async <T>(send: Send<T>): Promise<T | undefined> =>
    client.send(send).catch((error: unknown) => (isAnsweredBy(error, 404) ? undefined : translate(error)))

  return {
    async writeSecret(path, values, { checkAndSet }) {
      const at = data(path)
      const body = { data: values, options: { cas: checkAndSet } }
      return call(async (api, options) => writtenVersion(await api.write(at, body, options)))
    },
    async mergeSecret(path, changes, { checkAndSet }) {
      const json = { data: changes, options: { cas: checkAndSet } }
      const patch = { path: `/${data(path)}`, method: 'PATCH', json }
      const type = { 'content-type': 'application/merge-patch+json' }
      return ask(async (api, { headers }) =>
        writtenVersion(await api.request({ ...patch, headers: { ...headers, ...type } })),
      )
    },
    async readMetadata(path) {
      const at = metadata(path)
      return ask(async (api, options) => metadataOf(await api.read(at, options)))
    },
    async listChildren(folder) {
      const at = `${mount}/metadata/${folderOf(folder)}`
      return (await ask(async (api, options) => childrenOf(await api.list(at, options)))) ?? []
    },
    async destroyVersions(path, versions) {
      const at = `${mount}/destroy/${pathOf(path)}`
      if (versions.length === 0) return
      await ask(async (api, options) => api.write(at, { versions: [...versions] }, options))
    },
    async deleteAll(path) {
      const at = metadata(path)
      await ask(async (api, options) => api.delete(at, options))
    },
    health: async () => healthOf(client),
    close: async () => client.close(),
  }
}

/** @throws always */
function translate(error: unknown): never {
  if (isStaleWrite(error)) fail('VAULT_CONFLICT', {}, { because: reasonOf(error) })
  fail('VAULT_UNAVAILABLE', {}, { because: reasonOf(error), cause: error })
}

/** It answers, it is open, and it knows our token. */
async function healthOf(client: VaultClient): Promise<VaultHealth> {
  try {
    const answer = await client.sendAnonymously(async (api) => api.read('sys/health'))
    const reason = sickness(answer)
    if (reason !== undefined) return { isHealthy: false, reason }
    await client.send(async (api, options) => api.read('auth/token/lookup-self', options))
    return { isHealthy: true }
  } catch (error) {
    return { isHealthy: false, reason: `Vault does not take our calls: ${reasonOf(error)}.` }
  }
}
