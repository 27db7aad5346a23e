/** Mends one finding, after looking again: what has come to belong to somebody since the report stays as it is. */
import { LABELS } from '../../contract/crd/meta.ts'
import type { DeploymentId } from '../../contract/ids.ts'
import type { VaultPath } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { KubePort, OwnedObject } from '../../ports/kube/port.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import { namespaceOf } from '../deployments/custom-resource.ts'
import { getRow } from '../deployments/get-deployment.ts'
import type { Deps } from '../deps.ts'
import { strayedSince } from './find-secrets.ts'
import { isGuard, knownOf, orphanReason, presentIn, questionOf, type Present } from './orphans.ts'
import type { Repaired, Target } from './schema.ts'
import { listKnown, noteRepair, pushRowAgain } from './store.ts'

type Needed = Pick<Deps, 'db' | 'kube' | 'vault' | 'clock' | 'settings' | 'pushes' | 'changes'>
type By = Pick<Caller, 'actor' | 'requestId' | 'origin'>

/**
 * @throws {AppError} CONFLICT when it is no garbage (any more), CLUSTER_UNAVAILABLE, VAULT_UNAVAILABLE; nothing was
 *   changed then
 */
export async function repairFinding(deps: Needed, by: By, target: Target): Promise<Repaired> {
  if (target.of === 'object') return removeObject(deps, by, target)
  if (target.of === 'deployment') return pushAgain(deps, by, target.id)
  return removeSecret(deps, by, target.path)
}

const clusterOf = ({ kube }: Needed): KubePort =>
  kube ?? fail('CLUSTER_UNAVAILABLE', {}, { because: 'KUBERNETES_ENABLED is false' })

const noGarbage = (because: string): never => fail('CONFLICT', { what: 'finding' }, { because })

type ObjectTarget = Extract<Target, { of: 'object' }>

async function removeObject(
  deps: Needed,
  by: By,
  { kind, name, uid, ...at }: ObjectTarget,
): Promise<Repaired> {
  const kube = clusterOf(deps)
  const namespace = at.namespace ?? undefined
  const live = await kube.findOwned({ kind, namespace, name })
  if (!live || live.isTerminating) return { outcome: 'gone' }
  if (live.uid !== uid) noGarbage('it is another object of that name')
  const { settings } = deps
  const present = await presentFor(kube, live)
  const known = knownOf(await listKnown(deps.db, { ...questionOf([live], settings), paths: [] }), settings)
  const reason = orphanReason(live, { known, present, settings, nowMs: deps.clock.nowMs() })
  if (reason === undefined) return noGarbage('it belongs to somebody, or is too young')
  const detail = { reason, kind, namespace: at.namespace }
  await note(deps, by, { targetId: uid, targetName: name, detail })
  const answer = await kube.deleteOwned(live)
  if (answer === 'changed') noGarbage('it was changed meanwhile')
  return { outcome: answer === 'absent' ? 'gone' : 'deleted' }
}

/** What an object may belong to, if it is there: its custom resource, or its namespace with all that lives in it. */
async function presentFor(kube: KubePort, object: OwnedObject): Promise<Present> {
  if (isGuard(object)) return presentIn(await kube.listOwned())
  const { namespace, labels } = object
  const name = labels[LABELS.deployment]
  if (namespace === undefined || name === undefined) return presentIn([])
  const resource = await kube.findOwned({ kind: 'UserDeployment', namespace, name })
  return presentIn(resource ? [resource] : [])
}

async function pushAgain(deps: Needed, by: By, id: DeploymentId): Promise<Repaired> {
  const row = await getRow(deps, id)
  const namespace = namespaceOf(row, deps.settings)
  const live = await clusterOf(deps).findOwned({
    kind: 'UserDeployment',
    namespace,
    name: row.deploymentName,
  })
  if (live || row.deletedAt !== null) return { outcome: 'gone' }
  const { activityId: _, ...audit } = auditOf(by)
  const pushed = await pushRowAgain(deps.db, {
    ...audit,
    deploymentId: id,
    detail: { reason: 'NotInCluster', kind: 'UserDeployment', namespace },
  })
  if (!pushed) return { outcome: 'gone' }
  deps.pushes.poke()
  deps.changes.emit({ id, teamId: pushed.teamId })
  return { outcome: 'pushed' }
}

async function removeSecret(deps: Needed, by: By, path: VaultPath): Promise<Repaired> {
  // Only deployments are known to the table that says what is named; the other layers are never garbage.
  if (!path.includes('/deployments/')) noGarbage('no path of a deployment')
  if ((await deps.vault.readMetadata(path)) === undefined) return { outcome: 'gone' }
  const rows = await listKnown(deps.db, { names: [], userIds: [], orgIds: [], paths: [path] })
  const since = await strayedSince(deps, path, knownOf(rows, deps.settings))
  if (!since) noGarbage('a revision names it, or it is too young')
  const detail = { reason: 'UnnamedSecret', kind: null, namespace: null }
  await note(deps, by, { targetId: path, targetName: path, detail })
  await deps.vault.deleteAll(path)
  return { outcome: 'deleted' }
}

type Noted = Omit<Parameters<typeof noteRepair>[1], keyof ReturnType<typeof auditOf>>

async function note({ db }: Needed, by: By, noted: Noted): Promise<void> {
  const { activityId: _, ...audit } = auditOf(by)
  await noteRepair(db, { ...audit, ...noted })
}
