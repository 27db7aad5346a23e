/** Finds and destroys what is in Vault and named by nothing. */
import { UserId } from '../../contract/ids.ts'
import { ResourceName, ServiceName, vaultPaths, type VaultPath } from '../../contract/names.ts'
import type { Deps } from '../deps.ts'
import { listNamedVersions } from './store.ts'

type Needed = Pick<Deps, 'db' | 'vault' | 'clock'>

/** Users below whom Vault holds something. */
export async function usersWithSecrets({ vault }: Pick<Needed, 'vault'>): Promise<UserId[]> {
  const bodies = await vault.listChildren({ of: 'users' })
  return bodies.flatMap((body) => parsed(UserId, `usr_${body.replace(/\/$/, '')}`))
}

/** @returns how many versions were destroyed, a whole secret counting as one */
export async function sweepUser(deps: Needed, userId: UserId, graceMs: number): Promise<number> {
  const paths = await deploymentPathsOf(deps, userId)
  if (paths.length === 0) return 0
  const named = await listNamedVersions(deps.db, paths)
  let swept = 0
  for (const path of paths) {
    const versions = named.filter((each) => each.path === path).map(({ version }) => version)
    swept += await sweepPath(deps, path, { named: versions, graceMs })
  }
  return swept
}

/** The paths of all deployments of a user, and of their services. */
export async function deploymentPathsOf(
  { vault }: Pick<Needed, 'vault'>,
  userId: UserId,
): Promise<VaultPath[]> {
  const children = await vault.listChildren({ of: 'deployments', userId })
  const paths: VaultPath[] = []
  for (const name of new Set(children.map((child) => child.replace(/\/$/, '')))) {
    for (const deployment of parsed(ResourceName, name)) {
      const path = vaultPaths.deployment({ userId, name: deployment })
      if (children.includes(name)) paths.push(path)
      if (!children.includes(`${name}/`)) continue
      const services = await vault.listChildren({ of: 'services', below: path })
      paths.push(
        ...services
          .flatMap((service) => parsed(ServiceName, service))
          .map((service) => vaultPaths.deployment({ userId, name: deployment, service })),
      )
    }
  }
  return paths
}

interface Known {
  /** Versions that revisions name. */
  readonly named: readonly number[]
  readonly graceMs: number
}

async function sweepPath(
  { vault, clock }: Needed,
  path: VaultPath,
  { named, graceMs }: Known,
): Promise<number> {
  const metadata = await vault.readMetadata(path)
  if (!metadata) return 0
  const isOld = ({ createdAt }: { createdAt: Date }): boolean => clock.nowMs() - createdAt.getTime() > graceMs
  if (named.length === 0) {
    // Never committed, or its deployment is gone.
    if (!metadata.versions.every(isOld)) return 0
    await vault.deleteAll(path)
    return 1
  }
  const stray = metadata.versions.filter(
    (each) => !each.isDestroyed && isOld(each) && !named.includes(each.version),
  )
  await vault.destroyVersions(
    path,
    stray.map(({ version }) => version),
  )
  return stray.length
}

/** What is not of our making stays alone. */
function parsed<T>(
  schema: { safeParse(value: unknown): { success: boolean; data?: T } },
  value: string,
): T[] {
  const { data } = schema.safeParse(value)
  return data === undefined ? [] : [data]
}
