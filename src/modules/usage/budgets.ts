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
import { monthOf, boundsOf } from './months.ts'
import { costOf } from './prices.ts'
import type { BudgetView, ReadBudget, SetBudget } from './schema.ts'
import { listBudgetRows, setBudgetRow, stopRow, warnRow, type BudgetRow } from './store.ts'

type Needed = Pick<Deps, 'db' | 'clock' | 'settings' | 'mail' | 'pushes' | 'effects'>

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

/** Makes what follows from the ledger so. @returns how much had to be done */
export async function enforceBudgets(deps: Needed): Promise<number> {
  let done = 0
  for (const row of await rowsOf(deps, null)) done += await enforce(deps, row)
  return done
}

const rowsOf = async (
  { db, clock }: Pick<Needed, 'db' | 'clock'>,
  orgId: OrgId | null,
): Promise<BudgetRow[]> => listBudgetRows(db, { orgId, monthStart: boundsOf(monthOf(clock.nowMs())).from })

async function enforce(deps: Needed, row: BudgetRow): Promise<number> {
  const month = monthOf(deps.clock.nowMs())
  const judged = judgeBudget(row, costOf(row, deps.settings.usagePrices), month)
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
  const [budget] = await rowsOf(deps, orgId)
  if (!budget || (await enforce(deps, budget)) === 0) return viewOf(budget, deps.settings)
  return readBudget(deps, { orgId })
}

export async function readBudget(
  deps: Pick<Deps, 'db' | 'clock' | 'settings'>,
  { orgId }: z.output<typeof ReadBudget>,
): Promise<BudgetView> {
  const [row] = await rowsOf(deps, orgId)
  return viewOf(row, deps.settings)
}

function viewOf(row: BudgetRow | undefined, settings: Pick<Settings, 'usagePrices'>): BudgetView {
  return {
    amountCents: row?.amountCents ?? null,
    stops: row?.stops ?? false,
    isStopped: row?.isStopped ?? false,
    spentCents: row ? costOf(row, settings.usagePrices) : null,
    currency: settings.usagePrices?.currency ?? null,
  }
}
