/** Every change that makes a new revision: read, decide, pin, commit what was decided from that very generation. */
import { newId, type DeploymentId, type SecretId } from '../../contract/ids.ts'
import type { ImageDigest } from '../../contract/image.ts'
import type { ServiceName } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { Agent, Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import { limitReached } from '../billing/limit-reached.ts'
import type { Deps } from '../deps.ts'
import type { Origins } from '../secrets/secret-origins.ts'
import type { ACTIVITY_KINDS } from './activity-schema.ts'
import { getRow } from './get-deployment.ts'
import { RevisionSpec, secretVersionsOf } from './revision-spec.ts'
import type { DeploymentChanged } from './schema.ts'
import { changesOf } from './spec-fields.ts'
import { updateRow, type ChangedRow, type DeploymentRow } from './store.ts'

/** What every change needs to know of the row. */
type ChangeableRow = Pick<
  DeploymentRow,
  'deploymentId' | 'deploymentName' | 'generation' | 'deletedAt' | 'ownerId' | 'teamId' | 'revision' | 'spec'
>

export type Needed = Pick<Deps, 'db' | 'pushes' | 'changes' | 'settings'>

/** The deployment as it is before the change. */
export interface Current<Row extends ChangeableRow = ChangeableRow> {
  readonly row: Row
  readonly spec: RevisionSpec
}

/** The same with all that is known of the row. */
export type CurrentDeployment = Current<DeploymentRow>

/** A key that was written to Vault. */
interface WrittenSecret {
  readonly id: SecretId
  readonly layer: 'deployment'
  readonly path: string
  readonly key: string
  readonly version: number
  readonly service: null
  readonly description: string
}

export interface Change {
  readonly spec: RevisionSpec
  readonly action: 'deployment:update' | 'deployment:rollback' | 'secret:set' | 'secret:delete'
  readonly activity: {
    readonly kind: (typeof ACTIVITY_KINDS)[number]
    readonly detail: Record<string, unknown>
  }
  readonly secrets?: WrittenSecret[]
  readonly removedSecrets?: { path: string; key: string }[]
  /** Path in Vault → key → version with which it was last written; without, as in the revision that it follows or repeats. */
  readonly secretOrigins?: Record<string, Origins>
  /** The revision that this one repeats. */
  readonly rollbackOf?: number
  /** Of a service that follows its tag: this was acted upon. */
  readonly followed?: { readonly service: ServiceName; readonly digest: ImageDigest }
  /** Why, for the history. */
  readonly note?: string
}

/** Who changes it: somebody, or a loop. */
export type Author = Caller | Agent

interface Asked {
  readonly caller: Author
  readonly id: DeploymentId
  /** The revision that the caller has seen; refused when there is another one by now. */
  readonly baseRevision?: number | undefined
  /** The same of the generation, which also rises when the deployment is stopped, started or restarted. */
  readonly baseGeneration?: number | undefined
}

/** Somebody else's change may come between reading and committing; decided anew, it is no conflict of ours. */
const ATTEMPTS = 3

/**
 * @param decide what becomes of it; may write to Vault, where a version that nothing names changes nothing. Called
 *   again when another change came between.
 * @throws {AppError} NOT_FOUND, CONFLICT, BEING_DELETED; nothing was changed then
 */
export async function changeDeployment(
  deps: Needed,
  asked: Asked,
  decide: (current: CurrentDeployment) => Promise<Change>,
): Promise<DeploymentChanged> {
  return changeRow(deps, { ...asked, read: async () => getRow(deps, asked.id) }, decide)
}

/**
 * The same from a row that is read in another way.
 *
 * @param asked `read` throws NOT_FOUND
 */
export async function changeRow<Row extends ChangeableRow>(
  deps: Needed,
  asked: Asked & { read: () => Promise<Row> },
  decide: (current: Current<Row>) => Promise<Change>,
): Promise<DeploymentChanged> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const changed = await attemptChange(deps, asked, decide)
    if (changed) return changed
  }
  return fail('CONFLICT', { what: 'deployment' })
}

/** Undefined: another change came between. */
async function attemptChange<Row extends ChangeableRow>(
  deps: Needed,
  asked: Asked & { read: () => Promise<Row> },
  decide: (current: Current<Row>) => Promise<Change>,
): Promise<DeploymentChanged | undefined> {
  const { caller, id, read } = asked
  const row = await read()
  if (row.deletedAt !== null) fail('BEING_DELETED', { what: 'deployment' })
  assertUnchanged(row, asked)
  const spec = RevisionSpec.parse(row.spec)
  const change = await decide({ row, spec })
  const changes = changesOf(spec, change.spec)
  const enforceLimit = deps.settings.isBillingEnabled
  const updated = await updateRow(deps.db, { ...rowOf(row, caller, change), changes, enforceLimit })
  const { outcome, generation, revision } = updated
  if (outcome === 'stale') return undefined
  if (outcome === 'deleted') fail('BEING_DELETED', { what: 'deployment' })
  if (outcome === 'no_such_deployment') fail('NOT_FOUND', { what: 'deployment' })
  if (outcome === 'domain_limit_reached') {
    const { domainsUsed: used, domainsLimit: limit, planId } = updated
    throw limitReached(deps.settings, { what: 'customDomains', planId, used, limit })
  }
  deps.pushes.poke()
  deps.changes.emit({ id, teamId: row.teamId })
  return { id, revision: revision ?? row.revision, generation: generation ?? row.generation }
}

/** Since the caller has seen it. */
function assertUnchanged(
  { revision, generation }: ChangeableRow,
  { baseRevision = revision, baseGeneration = generation }: Asked,
): void {
  if (baseRevision === revision && baseGeneration === generation) return
  fail('CONFLICT', { what: 'deployment' })
}

const rowOf = (
  row: ChangeableRow,
  caller: Author,
  change: Change,
): Omit<ChangedRow, 'changes' | 'enforceLimit'> => ({
  ...auditOf(caller),
  deploymentId: row.deploymentId,
  expectedGeneration: row.generation,
  templateVersionId: null,
  revisionId: newId('rev'),
  spec: change.spec,
  secretVersions: secretVersionsOf(change.spec),
  secretOrigins: change.secretOrigins ?? null,
  rollbackOf: change.rollbackOf ?? null,
  note: change.note ?? '',
  hosts: null,
  secrets: change.secrets ?? [],
  removedSecrets: change.removedSecrets ?? [],
  action: change.action,
  activityKind: change.activity.kind,
  activityDetail: change.activity.detail,
  followedService: change.followed?.service ?? null,
  followedDigest: change.followed?.digest ?? null,
})
