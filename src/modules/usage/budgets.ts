/**
 * What an organisation may spend in a month. Its owner is warned at four fifths of it; where it is a hard one, the
 * deployments are stopped when it is used up, until the month ends or there is more of it (docs/decisions/051).
 */
import type { z } from 'zod'

import { newId, type Id, type OrgId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Agent, Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps, Settings } from '../deps.ts'
import { openCredit } from './credits.ts'
import { monthOf, boundsOf } from './months.ts'
import { pendingUsage, plus, type Pending } from './pending-usage.ts'
import { costOf } from './prices.ts'
import type { BudgetView, ReadBudget, SetBudget } from './schema.ts'
import { listBudgetRows, setBudgetRow, stopRow, warnRow, type BudgetRow } from './store.ts'

type Ledger = Pick<Deps, 'db' | 'clock' | 'settings'>
type Read = Ledger & Pick<Deps, 'facts'>
type Needed = Read & Pick<Deps, 'mail' | 'pushes' | 'effects'>

const AGENT: Agent = { name: 'Shipyard (budget)', onBehalfOf: null }

const WARNED_AT = 0.8

export interface Judged {
  readonly warns: boolean
  readonly stops: boolean
}

/** What is to be so. Pure. Where nothing has a price, nothing is used up. */
export function judgeBudget(
  { amountCents, stops, warnedMonth }: Pick<BudgetRow, 'amountCents' | 'stops' | 'warnedMonth'>,
  spentCents: number | null,
  month: string,
): Judged {
  if (amountCents === null || spentCents === null) return { warns: false, stops: false }
  return {
    warns: warnedMonth !== month && spentCents >= amountCents * WARNED_AT,
    stops: stops && spentCents >= amountCents,
  }
}

interface Budget extends BudgetRow {
  /** In this month until now, in cents, without what credit pays for; null where nothing has a price. */
  readonly spentCents: number | null
  /** False: what was used since the ledger was written last is not known, for the cluster is away. */
  readonly isUpToDate: boolean
}

/** Makes what follows from what was used so. @returns how much had to be done */
export async function enforceBudgets(deps: Needed): Promise<number> {
  let done = 0
  for (const budget of await upToDate(deps, await budgetsOf(deps, null))) {
    // Who is stopped for an hour that is not entered yet is not started for it.
    if (budget.isUpToDate || !budget.isStopped) done += await enforce(deps, budget)
  }
  return done
}

async function budgetsOf(deps: Ledger, orgId: OrgId | null): Promise<BudgetRow[]> {
  const now = new Date(deps.clock.nowMs())
  return listBudgetRows(deps.db, { orgId, now, monthStart: boundsOf(monthOf(now.getTime())).from })
}

/** With what was used since the ledger was written, where that can be asked. */
async function upToDate(deps: Read, rows: readonly BudgetRow[]): Promise<Budget[]> {
  const orgIds = rows.map((row) => row.orgId)
  const pending = await pendingUsage(deps, orgIds)
  return rows.map((row) => spentOf(deps, row, pending))
}

function spentOf({ clock, settings }: Ledger, row: BudgetRow, pending: Pending | undefined): Budget {
  const prices = settings.usagePrices
  const present = monthOf(clock.nowMs())
  const more = pending?.get(row.orgId)
  const months = (row.creditMonths ?? []).map((each) =>
    each.month === present ? { ...each, ...plus(each, more) } : each,
  )
  const credited = openCredit({ balanceCents: row.balanceCents, months, prices }).byMonth.get(present)
  const cost = costOf(plus(row, more), prices)
  const spentCents = cost === null ? null : cost - (credited ?? 0)
  return { ...row, spentCents, isUpToDate: pending !== undefined }
}

async function enforce(deps: Needed, row: Budget): Promise<number> {
  const month = monthOf(deps.clock.nowMs())
  const judged = judgeBudget(row, row.spentCents, month)
  const stopped = judged.stops === row.isStopped ? 0 : await stop(deps, row, judged.stops)
  const warned = judged.warns ? await warn(deps, row, month) : 0
  if (stopped + warned > 0) deps.effects.poke()
  return stopped + warned
}

const mailIdOf = ({ mail }: Needed): Id<'out'> | null => (mail ? newId('out') : null)

async function stop(deps: Needed, { orgId }: BudgetRow, stopped: boolean): Promise<number> {
  const row = await stopRow(deps.db, {
    ...auditOf(AGENT),
    orgId,
    stopped,
    mailId: mailIdOf(deps),
    payload: { orgId, what: stopped ? 'stopped' : 'resumed' },
  })
  if (!row) return 0
  deps.pushes.poke()
  return 1
}

async function warn(deps: Needed, { orgId, amountCents }: BudgetRow, month: string): Promise<number> {
  const payload = { orgId, what: 'warned' }
  const wanted = { orgId, month, amountCents: amountCents ?? 0, mailId: mailIdOf(deps), payload }
  return (await warnRow(deps.db, wanted)) ? 1 : 0
}

/** @throws {AppError} NOT_FOUND */
export async function setBudget(
  deps: Needed,
  caller: Caller,
  { orgId, amountCents, stops }: z.output<typeof SetBudget>,
): Promise<BudgetView> {
  const wanted = { amountCents, stops: amountCents !== null && stops }
  const row = await setBudgetRow(deps.db, { ...auditOf(caller), orgId, ...wanted })
  if (!row) fail('NOT_FOUND', { what: 'organisation' })
  // By the ledger: a minute later the rest counts too.
  const [found] = await budgetsOf(deps, orgId)
  const budget = found && spentOf(deps, found, undefined)
  if (!budget || (await enforce(deps, budget)) === 0) return viewOf(budget, deps.settings)
  return readBudget(deps, { orgId })
}

export async function readBudget(deps: Read, { orgId }: z.output<typeof ReadBudget>): Promise<BudgetView> {
  const [row] = await upToDate(deps, await budgetsOf(deps, orgId))
  return viewOf(row, deps.settings)
}

const NO_BUDGET = { amountCents: null, stops: false, isStopped: false, spentCents: null }

function viewOf(row: Budget | undefined, settings: Pick<Settings, 'usagePrices'>): BudgetView {
  const { amountCents, stops, isStopped, spentCents } = row ?? NO_BUDGET
  return { amountCents, stops, isStopped, spentCents, currency: settings.usagePrices?.currency ?? null }
}
