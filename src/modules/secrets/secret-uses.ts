/** Pure: which services get which keys of a deployment's own secrets, and at which version. */
import { SERVICE_BOUNDS } from '../../contract/crd/service-parts.ts'
import type { EnvName, SecretKey, ServiceName, VaultPath } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { RevisionSpec } from '../deployments/revision-spec.ts'

type Service = RevisionSpec['services'][number]
type Use = Service['secrets'][number]

/** The keys at a path that some service gets. */
export function usedKeys({ services }: RevisionSpec, path: VaultPath): SecretKey[] {
  const keys = services.flatMap(({ secrets }) =>
    secrets.filter((use) => use.path === path).flatMap((use) => use.keys),
  )
  return [...new Set(keys.map(({ key }) => key))]
}

/** The version of a path that a revision pins; undefined when no service uses it. */
export const pinnedVersion = ({ services }: RevisionSpec, path: VaultPath): number | undefined =>
  services.flatMap(({ secrets }) => secrets).find((use) => use.path === path)?.version

interface NewVersion {
  readonly path: VaultPath
  readonly version: number
  /** Keys that no service has yet become variables of these services. */
  readonly added: readonly SecretKey[]
  readonly services: readonly ServiceName[]
}

/** A revision whose services take a path at another version, and some of them new keys. */
export function withSecrets(spec: RevisionSpec, change: NewVersion): RevisionSpec {
  const services = spec.services.map((service) => {
    const added = change.services.includes(service.name) ? change.added : []
    return { ...service, secrets: usesWith(service.secrets, change, added) }
  })
  if (services.some(({ secrets }) => secrets.some(({ keys }) => keys.length > SERVICE_BOUNDS.secretKeys))) {
    fail('INVALID_INPUT', {
      problem: `A service gets at most ${SERVICE_BOUNDS.secretKeys} secrets: put related values into one.`,
    })
  }
  return { ...spec, services }
}

function usesWith(uses: Use[], { path, version }: NewVersion, added: readonly SecretKey[]): Use[] {
  const keys = added.map((key) => ({ key, env: key as string as EnvName }))
  const isThere = uses.some((use) => use.path === path)
  if (!isThere) return keys.length === 0 ? uses : [...uses, { path, version, keys }]
  return uses.map((use) => (use.path === path ? { path, version, keys: [...use.keys, ...keys] } : use))
}

/** A revision in which no service gets these keys. */
export function withoutKeys(
  spec: RevisionSpec,
  path: VaultPath,
  { keys, version }: { keys: readonly SecretKey[]; version: number },
): RevisionSpec {
  const services = spec.services.map((service) => ({
    ...service,
    secrets: service.secrets.flatMap((use) => {
      if (use.path !== path) return [use]
      const left = use.keys.filter(({ key }) => !keys.includes(key))
      return left.length === 0 ? [] : [{ path, version, keys: left }]
    }),
  }))
  return { ...spec, services }
}
