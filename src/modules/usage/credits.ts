/**
 * What an organisation has to its credit, and what of its usage that pays for, before anything costs money
 * (docs/decisions/054). Both ledgers are only added to: what a month took of the credit is entered when it is over.
 */
import type { z } from 'zod'

import { newId, type CreditId, type OrgId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import { boundsOf, monthOf } from './months.ts'
import { pendingUsage, plus, type Pending } from './pending-usage.ts'
import { costOf } from './prices.ts'
import type { CreditsView, GrantCredit } from './schema.ts'
import { grantCreditRow, listCreditEntries, listCreditMonths, useCreditRow } from './store.ts'

type Needed = Pick<Deps, 'db' | 'clock' | 'settings'>

/** Hours that are told of late are in the ledger by then. */
const SETTLING_MS = 3 * 24 * 3_600_000

/** In cents, not rounded. */
export interface Credit {
  readonly left: number
  /** Of what the last of the months cost. */
  readonly used: number
}

/** What is left when month after month took what it cost. Pure. */
export function creditAfter(balance: number, costs: readonly number[]): Credit {
  return costs.reduce<Credit>(
    ({ left }, cost) => {
      const used = Math.min(left, Math.max(0, cost))
      return { left: left - used, used }
    },
    { left: Math.max(0, balance), used: 0 },
  )
}

/** Of one organisation, or of all that ever had some. */
export async function creditsOf(
  { db, clock, settings }: Needed,
  orgId: OrgId | null,
  pending: Pending = new Map(),
): Promise<ReadonlyMap<OrgId, Credit>> {
  const now = new Date(clock.nowMs())
  const present = monthOf(now.getTime())
  const months = await listCreditMonths(db, { orgId, now })
  const costs = (each: (typeof months)[number]): number => {
    const used = each.month === present ? plus(each, pending.get(each.orgId)) : each
    return costOf(used, settings.usagePrices) ?? 0
  }
  return new Map(
    [...Map.groupBy(months, (each) => each.orgId)].map(([id, own]) => [
      id,
      creditAfter(own[0]?.balanceCents ?? 0, own.map(costs)),
    ]),
  )
}

/** Enters what months that are over took of the credit: each once, whoever dies meanwhile. @returns how many */
export async function closeCreditMonths({ db, clock, settings }: Needed): Promise<number> {
  const { usagePrices } = settings
  if (!usagePrices) return 0
  const nowMs = clock.nowMs()
  const over = (month: string): boolean => boundsOf(month).to.getTime() + SETTLING_MS <= nowMs
  let closed = 0
  for (const row of await listCreditMonths(db, { orgId: null, now: new Date(nowMs) })) {
    if (!over(row.month)) continue
    const { orgId, month } = row
    const costCents = Math.max(0, Math.round(costOf(row, usagePrices) ?? 0))
    if (await useCreditRow(db, { creditId: newId('crd'), orgId, month, costCents })) closed += 1
  }
  return closed
}

/** What is there, and what came of it. */
export async function readCredits(deps: Needed & Pick<Deps, 'facts'>, orgId: OrgId): Promise<CreditsView> {
  const { usagePrices } = deps.settings
  const pending = await pendingUsage(deps, [orgId])
  const credit = (await creditsOf(deps, orgId, pending)).get(orgId) ?? { left: 0, used: 0 }
  const entries = await listCreditEntries(deps.db, orgId)
  return {
    leftCents: usagePrices ? credit.left : null,
    usedCents: usagePrices ? credit.used : null,
    currency: usagePrices?.currency ?? null,
    entries: entries.map(({ id, amountCents, month, reason, createdAt }) => ({
      ...{ id: id as CreditId, amountCents, month, reason },
      at: createdAt.toISOString(),
    })),
  }
}

/** Gives credit, or takes some back. @throws {AppError} NOT_FOUND */
export async function grantCredit(
  deps: Needed & Pick<Deps, 'facts'>,
  by: Pick<Caller, 'actor' | 'requestId' | 'origin'>,
  { id: creditId, orgId, amountCents, reason }: z.output<typeof GrantCredit>,
): Promise<CreditsView> {
  const { activityId: _, ...audit } = auditOf(by)
  const isThere = await grantCreditRow(deps.db, { ...audit, creditId, orgId, amountCents, reason })
  if (!isThere) fail('NOT_FOUND', { what: 'organisation' })
  return readCredits(deps, orgId)
}
