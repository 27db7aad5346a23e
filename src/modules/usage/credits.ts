/**
 * What an organisation has to its credit, and what of its usage that pays for, before anything costs money
 * (docs/decisions/054). Both ledgers are only added to: what a month took of the credit is entered when it is over.
 */
import type { z } from 'zod'

import type { Rates } from '../../contract/crd/consumption.ts'
import { newId, type CreditId, type OrgId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import { boundsOf } from './months.ts'
import { costOf, type UsagePrices } from './prices.ts'
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

/** Of months that are not closed. */
export interface OpenCredit extends Credit {
  /** Month → what credit pays for of it. */
  readonly byMonth: ReadonlyMap<string, number>
}

/** What a month cost before credit, and what of that Stripe was told, which costs money already. */
interface OpenMonth extends Rates {
  readonly month: string
  readonly toldCents: number
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

interface Reckoning {
  readonly balanceCents: number
  /** In order. */
  readonly months: readonly OpenMonth[]
  readonly prices: UsagePrices | undefined
}

/** Pure. */
export function openCredit({ balanceCents, months, prices }: Reckoning): OpenCredit {
  const costs = months.map((each) => (costOf(each, prices) ?? 0) - each.toldCents)
  const after = months.map((_, at) => creditAfter(balanceCents, costs.slice(0, at + 1)))
  const byMonth = new Map(months.map(({ month }, at) => [month, after[at]?.used ?? 0]))
  return { ...(after.at(-1) ?? creditAfter(balanceCents, [])), byMonth }
}

/** By the ledger; of one organisation, or of all that ever had some. */
export async function creditsOf(
  { db, clock, settings }: Needed,
  orgId: OrgId | null,
): Promise<ReadonlyMap<OrgId, OpenCredit>> {
  const rows = await listCreditMonths(db, { orgId, now: new Date(clock.nowMs()) })
  const prices = settings.usagePrices
  const byOrg = Map.groupBy(rows, (each) => each.orgId)
  return new Map(
    [...byOrg].map(([id, months]) => [
      id,
      openCredit({ balanceCents: months[0]?.balanceCents ?? 0, months, prices }),
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
    const costCents = Math.max(0, Math.round((costOf(row, usagePrices) ?? 0) - row.toldCents))
    if (await useCreditRow(db, { creditId: newId('crd'), orgId, month, costCents })) closed += 1
  }
  return closed
}

/** What is there, and what came of it. */
export async function readCredits(deps: Needed, orgId: OrgId): Promise<CreditsView> {
  const { usagePrices } = deps.settings
  const credit = (await creditsOf(deps, orgId)).get(orgId) ?? { left: 0, used: 0 }
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
  { db }: Pick<Deps, 'db'>,
  by: Pick<Caller, 'actor' | 'requestId' | 'origin'>,
  { id: creditId, orgId, amountCents, reason }: z.output<typeof GrantCredit>,
): Promise<{ id: CreditId }> {
  const { activityId: _, ...audit } = auditOf(by)
  const isThere = await grantCreditRow(db, { ...audit, creditId, orgId, amountCents, reason })
  return isThere ? { id: creditId } : fail('NOT_FOUND', { what: 'organisation' })
}
