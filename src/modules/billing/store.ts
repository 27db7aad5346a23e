/** What is known of Stripe here: subscriptions, what they mean for their organisations, and events. */
import { beginBillingLook } from '../../../prisma/sql/begin-billing-look.generated.ts'
import { choosePlan } from '../../../prisma/sql/choose-plan.generated.ts'
import { claimEvents } from '../../../prisma/sql/claim-events.generated.ts'
import { findBilling as findBillingStatement } from '../../../prisma/sql/find-billing.generated.ts'
import { finishEvents as finishEventsStatement } from '../../../prisma/sql/finish-events.generated.ts'
import { forgetEvents } from '../../../prisma/sql/forget-events.generated.ts'
import { holdOverLimit } from '../../../prisma/sql/hold-over-limit.generated.ts'
import { listDueStandings } from '../../../prisma/sql/list-due-standings.generated.ts'
import { listOverLimit } from '../../../prisma/sql/list-over-limit.generated.ts'
import { noteBilling } from '../../../prisma/sql/note-billing.generated.ts'
import { noteListing } from '../../../prisma/sql/note-listing.generated.ts'
import { postponeEvents as postponeEventsStatement } from '../../../prisma/sql/postpone-events.generated.ts'
import { receiveEvents } from '../../../prisma/sql/receive-events.generated.ts'
import { takeCheckoutTurn } from '../../../prisma/sql/take-checkout-turn.generated.ts'
import { writeStanding } from '../../../prisma/sql/write-standing.generated.ts'
import { newId, type DeploymentId, type OrgId, type TeamId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

/** A look at Stripe that has its number, and whose customer is looked at. */
export type Look = RowOf<typeof beginBillingLook>

export const beginLook = async (db: Db, customerId: string): Promise<Look> =>
  db.one(beginBillingLook, { customerId })

export type Written = RowOf<typeof writeStanding>

/** @returns undefined: a newer answer is there already, or there is no such organisation */
export const writeStandingRow = async (
  db: Db,
  params: ParamsOf<typeof writeStanding>,
): Promise<Written | undefined> => db.first(writeStanding, params)

/** @returns how many are new */
export const insertEvents = async (db: Db, params: ParamsOf<typeof receiveEvents>): Promise<number> =>
  (await db.all(receiveEvents, params)).length

export type ClaimedEvent = RowOf<typeof claimEvents>

export const claimEventRows = async (db: Db, params: ParamsOf<typeof claimEvents>): Promise<ClaimedEvent[]> =>
  db.all(claimEvents, params)

export const finishEvents = async (db: Db, params: ParamsOf<typeof finishEventsStatement>): Promise<void> =>
  void (await db.all(finishEventsStatement, params))

export const postponeEvents = async (
  db: Db,
  params: ParamsOf<typeof postponeEventsStatement>,
): Promise<void> => void (await db.all(postponeEventsStatement, params))

/** How far Stripe's own list was read; undefined: it never was. */
export const listingSeenUntil = async (db: Db): Promise<Date | undefined> =>
  (await db.prisma.stripeListing.findUnique({ where: { id: 1 } }))?.seenUntil

export const noteSeen = async (db: Db, seenUntil: Date): Promise<void> =>
  void (await db.first(noteListing, { seenUntil }))

/** @returns how many are gone */
export const forgetOldEvents = async (db: Db, ageSeconds: number): Promise<number> =>
  (await db.all(forgetEvents, { ageSeconds })).length

export type DueStanding = RowOf<typeof listDueStandings>

export const listDueStandingRows = async (
  db: Db,
  params: ParamsOf<typeof listDueStandings>,
): Promise<DueStanding[]> => db.all(listDueStandings, params)

/** Of organisations whose removal was announced and is due; those that are being deleted are not among them. */
export async function listUnpaidDeployments(
  db: Db,
  limit: number,
): Promise<{ readonly id: DeploymentId; readonly teamId: TeamId }[]> {
  const rows = await db.prisma.deployment.findMany({
    where: { deletedAt: null, org: { billingStage: 'removed' } },
    select: { id: true, teamId: true },
    take: limit,
  })
  return rows as { id: DeploymentId; teamId: TeamId }[]
}

export interface Addressee {
  readonly orgName: string
  readonly stage: string
  readonly nextAt: Date | null
  readonly planName: string
  readonly ownerEmail: string
}

/** Whom a letter about paying is for, and what is true now; undefined: the organisation is gone. */
export async function findAddressee(db: Db, id: OrgId): Promise<Addressee | undefined> {
  const row = await db.prisma.organization.findUnique({
    where: { id },
    select: {
      name: true,
      billingStage: true,
      billingNextAt: true,
      plan: { select: { name: true } },
      members: { where: { role: 'org_owner' }, select: { user: { select: { email: true } } } },
    },
  })
  const owner = row?.members[0]
  if (!row || !owner) return undefined
  return {
    orgName: row.name,
    stage: row.billingStage,
    nextAt: row.billingNextAt,
    planName: row.plan.name,
    ownerEmail: owner.user.email,
  }
}
/** What is known here of who pays. */
export type BillingRow = RowOf<typeof findBillingStatement>

/** @throws {AppError} NOT_FOUND: the organisation is gone */
export const findBilling = async (db: Db, orgId: OrgId): Promise<BillingRow> =>
  (await db.first(findBillingStatement, { orgId })) ?? fail('NOT_FOUND', { what: 'organisation' })

export type TurnRow = RowOf<typeof takeCheckoutTurn>

/** @returns undefined: somebody else has it, or the organisation is gone */
export const takeTurn = async (
  db: Db,
  params: ParamsOf<typeof takeCheckoutTurn>,
): Promise<TurnRow | undefined> => db.first(takeCheckoutTurn, params)

export const giveTurnBack = async (db: Db, claimedBy: string): Promise<void> =>
  void (await db.prisma.checkoutTurn.deleteMany({ where: { claimedBy } }))

/** @returns false: the organisation is gone */
export const noteBillingRow = async (db: Db, params: ParamsOf<typeof noteBilling>): Promise<boolean> =>
  (await db.first(noteBilling, params)) !== undefined

/** @returns false: the organisation is gone */
export const choosePlanRow = async (db: Db, params: ParamsOf<typeof choosePlan>): Promise<boolean> =>
  (await db.first(choosePlan, params)) !== undefined

export interface KeptRow {
  readonly id: string
  readonly displayName: string
  readonly createdAt: Date
  readonly keptFirst: boolean
  readonly held: boolean
}

export async function listKept(db: Db, orgId: OrgId): Promise<KeptRow[]> {
  return db.prisma.deployment.findMany({
    where: { orgId, deletedAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: 1000,
    select: { id: true, displayName: true, createdAt: true, keptFirst: true, held: true },
  })
}

export const listOverLimitOrgs = async (db: Db, enforceLimit: boolean): Promise<OrgId[]> =>
  (await db.all(listOverLimit, { enforceLimit })).map(({ orgId }) => orgId)

export type HeldRow = RowOf<typeof holdOverLimit>

export const holdOverLimitRows = async (db: Db, orgId: OrgId, enforceLimit: boolean): Promise<HeldRow[]> =>
  db.all(holdOverLimit, { orgId, enforceLimit, auditId: newId('aud') })
