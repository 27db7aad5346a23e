/** The tables of deployments: every statement names the team or comes after `authorize()` for that deployment. */
import { claimDeployments } from '../../../prisma/sql/claim-deployments.generated.ts'
import { createDeployment } from '../../../prisma/sql/create-deployment.generated.ts'
import { deleteDeployment } from '../../../prisma/sql/delete-deployment.generated.ts'
import { findDeployment } from '../../../prisma/sql/find-deployment.generated.ts'
import { findRevision } from '../../../prisma/sql/find-revision.generated.ts'
import { finishDeleteDeployment } from '../../../prisma/sql/finish-delete-deployment.generated.ts'
import { listDeployments } from '../../../prisma/sql/list-deployments.generated.ts'
import { listPushedDeployments } from '../../../prisma/sql/list-pushed-deployments.generated.ts'
import { markDeploymentPushed } from '../../../prisma/sql/mark-deployment-pushed.generated.ts'
import { markPushFailed } from '../../../prisma/sql/mark-push-failed.generated.ts'
import { repushDeployments } from '../../../prisma/sql/repush-deployments.generated.ts'
import { restartDeployment } from '../../../prisma/sql/restart-deployment.generated.ts'
import { suspendDeployment } from '../../../prisma/sql/suspend-deployment.generated.ts'
import { transferDeployment } from '../../../prisma/sql/transfer-deployment.generated.ts'
import { updateDeployment } from '../../../prisma/sql/update-deployment.generated.ts'
import { newId, type DeploymentId, type OrgId, type TeamId } from '../../contract/ids.ts'
import type { HostName } from '../../contract/names.ts'
import { isConstraintError } from '../../ports/db/errors.ts'
import type { Db } from '../../ports/db/port.ts'
import { repeatOn } from '../../ports/db/repeat-on.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

export type DeploymentRow = RowOf<typeof findDeployment>
export type ListedRow = RowOf<typeof listDeployments>
export type ClaimedRow = RowOf<typeof claimDeployments>
export type PushedRow = RowOf<typeof listPushedDeployments>
export type NewRow = ParamsOf<typeof createDeployment>
export type ChangedRow = ParamsOf<typeof updateDeployment>
export type ListParams = ParamsOf<typeof listDeployments>
type Asked = ParamsOf<typeof deleteDeployment>

/** A chosen host name belongs to another deployment. */
export const isHostTaken = (error: unknown): boolean => isConstraintError(error, 'host_names_pkey')

/** Two ids gave the same generated name. */
export const isNameTaken = (error: unknown): boolean => isConstraintError(error, 'deployments_name_key')

/** Team or organisation were left by the caller, or deleted, at the same moment. */
export const isPlaceGone = (error: unknown): boolean =>
  isConstraintError(error, 'deployments_team_id_org_id_fkey', 'deployments_org_id_keeper_id_fkey')

export const insertRow = async (db: Db, row: NewRow): Promise<RowOf<typeof createDeployment>> =>
  repeatOn(['deployments_pkey'], async () => db.one(createDeployment, row))

export const updateRow = async (db: Db, row: ChangedRow): Promise<RowOf<typeof updateDeployment>> =>
  db.one(updateDeployment, row)

export const restartRow = async (
  db: Db,
  asked: Asked,
): Promise<RowOf<typeof restartDeployment> | undefined> => db.first(restartDeployment, asked)

export const suspendRow = async (
  db: Db,
  asked: ParamsOf<typeof suspendDeployment>,
): Promise<RowOf<typeof suspendDeployment> | undefined> => db.first(suspendDeployment, asked)

/** The member who is to answer for it leaves at this moment. */
const KEEPER = 'deployments_org_id_keeper_id_fkey'

/** Undefined: there is no such deployment. */
export async function transferRow(
  db: Db,
  asked: ParamsOf<typeof transferDeployment>,
): Promise<RowOf<typeof transferDeployment> | undefined> {
  return repeatOn([KEEPER], async () => db.first(transferDeployment, asked))
}

export const deleteRow = async (db: Db, asked: Asked): Promise<RowOf<typeof deleteDeployment>> =>
  db.one(deleteDeployment, asked)

export const findRow = async (db: Db, deploymentId: DeploymentId): Promise<DeploymentRow | undefined> =>
  db.first(findDeployment, { deploymentId })

/** A revision, beside the deployment as it is now. */
export const findRevisionRow = async (
  db: Db,
  deploymentId: DeploymentId,
  wantedRevision: number,
): Promise<RowOf<typeof findRevision> | undefined> => db.first(findRevision, { deploymentId, wantedRevision })

export const listRows = async (db: Db, params: ListParams): Promise<ListedRow[]> =>
  db.all(listDeployments, params)

/** Of these host names the first that another deployment has. */
export async function findTakenHost(
  db: Db,
  hosts: readonly HostName[],
  except: DeploymentId,
): Promise<string | undefined> {
  const row = await db.prisma.hostName.findFirst({
    where: { host: { in: [...hosts] }, deploymentId: { not: except } },
    select: { host: true },
  })
  return row?.host
}

export interface Usage {
  readonly planId: string
  readonly used: number
  /** The organisation's own limit, which counts before the plan's. */
  readonly ownLimit: number | null
  readonly domainsUsed: number
  readonly domainsLimit: number | null
}

/** How many deployments an organisation has. */
export async function findUsage(db: Db, orgId: OrgId): Promise<Usage> {
  const org = await db.prisma.organization.findUniqueOrThrow({
    where: { id: orgId },
    select: {
      planId: true,
      deploymentsUsed: true,
      deploymentsLimit: true,
      domainsUsed: true,
      domainsLimit: true,
    },
  })
  const { planId, deploymentsUsed: used, deploymentsLimit: ownLimit, domainsUsed, domainsLimit } = org
  return { planId, used, ownLimit, domainsUsed, domainsLimit }
}

export interface RevisionRow {
  number: number
  createdAt: Date
  authorName: string
  note: string
  rollbackOf: number | null
  spec: unknown
}

/** Newest first, from below a number on. */
export async function listRevisionRows(
  db: Db,
  { deploymentId, below, limit }: { deploymentId: DeploymentId; below: number | undefined; limit: number },
): Promise<RevisionRow[]> {
  return db.prisma.revision.findMany({
    where: { deploymentId, ...(below === undefined ? {} : { number: { lt: below } }) },
    orderBy: { number: 'desc' },
    take: limit,
    select: { number: true, createdAt: true, authorName: true, note: true, rollbackOf: true, spec: true },
  })
}

/** Some revisions of a deployment. */
export async function findRevisionSpecs(
  db: Db,
  deploymentId: DeploymentId,
  numbers: readonly number[],
): Promise<{ number: number; spec: unknown }[]> {
  return db.prisma.revision.findMany({
    where: { deploymentId, number: { in: [...numbers] } },
    select: { number: true, spec: true },
  })
}

export interface ActivityRow {
  id: string
  at: Date
  kind: string
  actorName: string
  revision: number | null
  detail: unknown
}

export interface ActivityParams {
  deploymentId: DeploymentId
  after: { at: Date; id: string } | undefined
  limit: number
}

/** Newest first. */
export async function listActivityRows(
  db: Db,
  { deploymentId, after, limit }: ActivityParams,
): Promise<ActivityRow[]> {
  return db.prisma.activity.findMany({
    where: {
      deploymentId,
      ...(after ? { OR: [{ at: { lt: after.at } }, { at: after.at, id: { lt: after.id } }] } : {}),
    },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit,
    select: { id: true, at: true, kind: true, actorName: true, revision: true, detail: true },
  })
}

/** Deployments of a team that were there at that time and are gone now. */
export async function listRemovedSince(db: Db, teamId: TeamId, since: Date): Promise<DeploymentId[]> {
  const rows = await db.prisma.deployment.findMany({
    where: { teamId, removedAt: { gt: since } },
    select: { id: true },
    take: 1000,
  })
  return rows.map(({ id }) => id as DeploymentId)
}

// ── for the loops ──────────────────────────────────────────────────────────────────────────────────────────

export const claimRows = async (db: Db, params: ParamsOf<typeof claimDeployments>): Promise<ClaimedRow[]> =>
  db.all(claimDeployments, params)

/** Undefined: the claim had passed to another worker. */
export const markPushed = async (
  db: Db,
  params: ParamsOf<typeof markDeploymentPushed>,
): Promise<{ generation: number } | undefined> => db.first(markDeploymentPushed, params)

export const markFailed = async (db: Db, params: ParamsOf<typeof markPushFailed>): Promise<void> =>
  void (await db.first(markPushFailed, params))

export const listPushed = async (
  db: Db,
  params: ParamsOf<typeof listPushedDeployments>,
): Promise<PushedRow[]> => db.all(listPushedDeployments, params)

export const repush = async (db: Db, deploymentIds: DeploymentId[]): Promise<number> =>
  (await db.all(repushDeployments, { deploymentIds })).length

export const finishDelete = async (
  db: Db,
  deploymentId: DeploymentId,
): Promise<RowOf<typeof finishDeleteDeployment> | undefined> =>
  db.first(finishDeleteDeployment, { deploymentId, auditId: newId('aud'), activityId: newId('act') })
