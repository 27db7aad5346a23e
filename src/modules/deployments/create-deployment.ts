/**
 * Creates a deployment: plan, pin the images, bring the secrets to Vault, commit, wake the push loop. Dying between
 * any two steps leaves nothing but a version in Vault that nothing names, which is swept (docs/decisions/006).
 */
import { newId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import { limitReached } from '../billing/limit-reached.ts'
import type { Deps } from '../deps.ts'
import { originsAt } from '../secrets/secret-origins.ts'
import { secretRows } from '../secrets/secret-rows.ts'
import { pinImages } from './pin-images.ts'
import { prepareDeployment, type Prepared } from './prepare-deployment.ts'
import { secretVersionsOf, withVersion, type RevisionSpec } from './revision-spec.ts'
import type { CreateDeployment, DeploymentChanged } from './schema.ts'
import { stageFirstSecrets } from './stage-first-secrets.ts'
import { findTakenHost, insertRow, isHostTaken, isNameTaken, isPlaceGone, type NewRow } from './store.ts'

type Needed = Pick<Deps, 'db' | 'vault' | 'registry' | 'settings' | 'pushes' | 'changes'>

/**
 * Repeating it with the same id is harmless: the deployment that is there is answered.
 *
 * @throws {AppError} INVALID_INPUT, SECRET_MISSING, TEMPLATE_GONE, IMAGE_NOT_FOUND, VAULT_UNAVAILABLE,
 *   TIER_LIMIT_REACHED, HOST_TAKEN, ID_TAKEN, ORG_SUSPENDED; nothing was changed then
 */
export async function createDeployment(
  deps: Needed,
  caller: Caller,
  input: CreateDeployment,
): Promise<DeploymentChanged> {
  const { id, teamId } = input
  const asked = { settings: deps.settings, input }
  const prepared = await prepareDeployment(deps, caller, input)
  const { spec } = await pinImages(deps, prepared.spec)
  const { secretPath: path } = prepared
  const hasSecrets = Object.keys(input.secrets).length > 0
  const staged = hasSecrets
    ? await stageFirstSecrets(deps, { id, path, values: input.secrets })
    : { version: 1 }
  if ('row' in staged) return answerOf({ ...NO_ROW, ...presentOf(staged.row, teamId) }, asked)

  const { version } = staged
  const row = rowOf(caller, input, { prepared, version, spec: withVersion(spec, path, version) })
  const outcome = await insert(deps, row)
  if (outcome.outcome !== 'created') {
    // Of an attempt whose row is there nothing is touched: which version it names is not for us to know.
    const isNowhere = outcome.outcome !== 'exists' && outcome.outcome !== 'belongs_to_another_team'
    if (hasSecrets && isNowhere) await deps.vault.destroyVersions(path, [version])
    return answerOf(outcome, asked)
  }
  deps.pushes.poke()
  deps.changes.emit({ id, teamId })
  return { id, revision: 1, generation: outcome.generation ?? 1 }
}

interface Decided {
  readonly prepared: Prepared
  readonly version: number
  readonly spec: RevisionSpec
}

function rowOf(caller: Caller, input: CreateDeployment, { prepared, version, spec }: Decided): NewRow {
  const { name, template, secretPath: path, isLimited } = prepared
  const descriptions = new Map(
    template.document.envVars.map((each) => [each.name as string, each.description]),
  )
  return {
    ...auditOf(caller),
    changes: {
      name: { from: null, to: input.displayName },
      template: { from: null, to: template.document.metadata.displayName },
      visibility: { from: null, to: spec.visibility },
    },
    deploymentId: input.id,
    deploymentName: name,
    displayName: input.displayName,
    teamId: input.teamId,
    orgId: caller.scope.orgId,
    ownerId: caller.actor.userId,
    enforceLimit: isLimited,
    templateVersionId: template.versionId,
    revisionId: newId('rev'),
    spec,
    secretVersions: secretVersionsOf(spec),
    secretOrigins: { [path]: originsAt(version, Object.keys(input.secrets)) },
    note: '',
    hosts: input.hosts,
    secrets: secretRows({
      path,
      version,
      keys: Object.keys(input.secrets),
      describe: (key) => descriptions.get(key) ?? '',
    }),
  }
}

type Outcome = Awaited<ReturnType<typeof insertRow>>

/** Refused without a limit in view: the plan changed while it waited, and the new one is to be told of. */
async function insertUnderPlan(db: Needed['db'], row: NewRow): Promise<Outcome> {
  const outcome = await insertRow(db, row)
  const isPuzzling = outcome.outcome === 'limit_reached' && outcome.deploymentsLimit === null
  return isPuzzling ? insertRow(db, row) : outcome
}

/** Answers of the tables' own rules are refusals like others. */
async function insert({ db, vault }: Needed, row: NewRow): Promise<Outcome> {
  try {
    return await insertUnderPlan(db, row)
  } catch (error) {
    if (!isHostTaken(error) && !isNameTaken(error) && !isPlaceGone(error)) throw error
    for (const { path, version } of row.secrets.slice(0, 1)) {
      await vault.destroyVersions(path as Prepared['secretPath'], [version])
    }
    if (isPlaceGone(error)) fail('NOT_FOUND', { what: 'team' }, { cause: error })
    if (isNameTaken(error)) fail('ID_TAKEN', { what: 'deployment' })
    const host = await findTakenHost(db, row.hosts, row.deploymentId)
    return fail('HOST_TAKEN', { host: host ?? row.hosts.join(', ') })
  }
}

const NO_ROW = {
  deploymentName: null,
  generation: null,
  deploymentsUsed: null,
  deploymentsLimit: null,
  domainsUsed: null,
  domainsLimit: null,
  planId: null,
}

const presentOf = (row: { teamId: string; generation: number }, teamId: string) =>
  row.teamId === teamId
    ? ({ outcome: 'exists', generation: row.generation } as const)
    : ({ outcome: 'belongs_to_another_team' } as const)

/** Why there is no new row. */
const REFUSALS: Record<
  Exclude<Outcome['outcome'], 'created' | 'exists'>,
  (outcome: Outcome, asked: Asked) => never
> = {
  belongs_to_another_team: () => fail('ID_TAKEN', { what: 'deployment' }),
  no_such_team: () => fail('NOT_FOUND', { what: 'team' }),
  org_suspended: () => fail('ORG_SUSPENDED', {}),
  payment_required: () => fail('PAYMENT_REQUIRED', {}),
  limit_reached: ({ deploymentsUsed: used, deploymentsLimit: limit, planId }, { settings }) => {
    // No limit was in the way: the organisation has just been deleted or suspended.
    if (limit === null) fail('NOT_FOUND', { what: 'team' })
    throw limitReached(settings, { what: 'deployments', planId, used, limit })
  },
  domain_limit_reached: ({ domainsUsed: used, domainsLimit: limit, planId }, { settings, input }) => {
    const count = (used ?? 0) + input.hosts.length
    throw limitReached(settings, { what: 'customDomains', planId, used, limit, count })
  },
}

interface Asked {
  readonly settings: Needed['settings']
  readonly input: CreateDeployment
}

/** The row that is there, whoever made it. */
function answerOf(outcome: Outcome, asked: Asked): DeploymentChanged {
  const { outcome: what } = outcome
  if (what !== 'created' && what !== 'exists') return REFUSALS[what](outcome, asked)
  return { id: asked.input.id, revision: 1, generation: outcome.generation ?? 1 }
}
