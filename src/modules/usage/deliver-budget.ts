/** The letters about a budget, to the owner of the organisation as it is then. */
import { z } from 'zod'

import { OrgId } from '../../contract/ids.ts'
import type { Mail } from '../../ports/mail/port.ts'
import type { Deps } from '../deps.ts'
import type { Deliver } from '../outbox/deliver-effects.ts'
import { framed } from '../outbox/letter-frame.ts'
import { readBudget } from './budgets.ts'
import type { BudgetView } from './schema.ts'
import { findOwner } from './store.ts'

const Payload = z.object({ orgId: OrgId, what: z.enum(['warned', 'stopped', 'resumed']) })
type What = z.output<typeof Payload>['what']

/** What is not so any more when the letter is written, nobody needs to read. */
export const deliverBudget =
  (deps: Pick<Deps, 'db' | 'mail' | 'clock' | 'settings' | 'facts'>): Deliver =>
  async ({ id, payload }, signal) => {
    const { orgId, what } = Payload.parse(payload)
    const { db, mail, settings } = deps
    if (!mail) throw new Error('The mail server was taken out of the settings; letters wait for one.')
    const owner = await findOwner(db, orgId)
    const budget = await readBudget(deps, { orgId })
    const isPast = what === 'warned' ? budget.amountCents === null : budget.isStopped !== (what === 'stopped')
    if (!owner || isPast) return
    const link = `${settings.baseUrl}/orgs/${orgId}/usage`
    const { email: to, orgName } = owner
    await mail.send(letterOf(what, { id, to, orgName, budget, link }), { signal })
  }

/** Pure. */
export function letterOf(
  what: What,
  {
    orgName,
    budget,
    link,
    ...envelope
  }: Pick<Mail, 'id' | 'to'> & {
    readonly orgName: string
    readonly budget: BudgetView
    readonly link: string
  },
): Mail {
  const { subject, says, term } = WORDS[what](orgName, sumsOf(budget), budget.stops)
  return framed({
    ...envelope,
    subject,
    opening: says,
    link: { href: link, label: 'Look at usage and budget', lead: 'Usage and budget stand here:' },
    term,
    closing: 'You get this letter because you own the organisation.',
  })
}

function sumsOf({ spentCents, amountCents, currency }: BudgetView): string {
  const money = new Intl.NumberFormat('en', { style: 'currency', currency: currency ?? 'eur' })
  return `${money.format((spentCents ?? 0) / 100)} of ${money.format((amountCents ?? 0) / 100)}`
}

interface Said {
  readonly subject: string
  readonly says: string
  readonly term: string
}
type Words = (orgName: string, sums: string, stops: boolean) => Said

const WORDS: Readonly<Record<What, Words>> = {
  warned: (orgName, sums, stops) => ({
    subject: `${orgName} has used most of its monthly budget`,
    says: `${orgName} has used ${sums} in this month.`,
    term: stops
      ? 'When the budget is used up, its deployments are stopped until the month ends. Raise it if they are to go on.'
      : 'Nothing stops when it is used up.',
  }),
  stopped: (orgName, sums) => ({
    subject: `The deployments of ${orgName} are stopped: its budget is used up`,
    says: `${orgName} has used ${sums} in this month, and its deployments are stopped, as its budget says.`,
    term: 'Nothing is deleted. They run again with the next month, or within a minute when the budget is raised.',
  }),
  resumed: (orgName) => ({
    subject: `The deployments of ${orgName} run again`,
    says: `The budget of ${orgName} has room again, and its deployments are started.`,
    term: 'There is nothing to do.',
  }),
}
