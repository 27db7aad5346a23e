/** The letters about a budget, to the owner of the organisation as it is then. */
import { z } from 'zod'

import { OrgId } from '../../contract/ids.ts'
import type { Mail } from '../../ports/mail/port.ts'
import type { Deps } from '../deps.ts'
import type { Deliver } from '../outbox/deliver-effects.ts'
import { readBudget } from './budgets.ts'
import type { BudgetView } from './schema.ts'
import { findOwner } from './store.ts'

const Payload = z.object({ orgId: OrgId, what: z.enum(['warned', 'stopped', 'resumed']) })
type What = z.output<typeof Payload>['what']

/** What is not so any more when the letter is written, nobody needs to read. */
export const deliverBudget =
  (deps: Pick<Deps, 'db' | 'mail' | 'clock' | 'settings'>): Deliver =>
  async ({ id, payload }, signal) => {
    const { orgId, what } = Payload.parse(payload)
    const { db, mail, settings } = deps
    if (!mail) throw new Error('The mail server was taken out of the settings; letters wait for one.')
    const owner = await findOwner(db, orgId)
    const budget = await readBudget(deps, { orgId })
    const isPast = what === 'warned' ? budget.amountCents === null : budget.isStopped !== (what === 'stopped')
    if (!owner || isPast) return
    const link = `${settings.baseUrl}/orgs/${orgId}/usage`
    await mail.send({ id, to: owner.email, ...letterOf(what, owner.orgName, { budget, link }) }, { signal })
  }

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? '')

/** Pure. */
export function letterOf(
  what: What,
  orgName: string,
  { budget, link }: { readonly budget: BudgetView; readonly link: string },
): Omit<Mail, 'id' | 'to'> {
  const { subject, says } = WORDS[what](orgName, sumsOf(budget), budget.stops)
  return {
    subject,
    text: `${says}\n\n${link}\n`,
    html: `<!doctype html>
<html lang="en">
<body style="margin:0;padding:24px;background:#f6f7f9;font:16px/1.5 system-ui,sans-serif;color:#1b1f24">
<div style="max-width:32rem;margin:0 auto;padding:24px;background:#fff;border:1px solid #d9dde3;border-radius:8px">
<p style="margin-top:0">${escaped(says)}</p>
<p style="margin-bottom:0"><a href="${escaped(link)}" style="color:#2f5fd0">Usage and budget of ${escaped(orgName)}</a></p>
</div>
</body>
</html>
`,
  }
}

function sumsOf({ spentCents, amountCents, currency }: BudgetView): string {
  const money = new Intl.NumberFormat('en', { style: 'currency', currency: currency ?? 'eur' })
  return `${money.format((spentCents ?? 0) / 100)} of ${money.format((amountCents ?? 0) / 100)}`
}

type Words = (orgName: string, sums: string, stops: boolean) => { subject: string; says: string }

const WORDS: Readonly<Record<What, Words>> = {
  warned: (orgName, sums, stops) => ({
    subject: `${orgName} has used most of its monthly budget`,
    says: `${orgName} has used ${sums} in this month. ${
      stops
        ? 'When the budget is used up, its deployments are stopped until the month ends. Raise it if they are to go on.'
        : 'Nothing stops when it is used up.'
    }`,
  }),
  stopped: (orgName, sums) => ({
    subject: `The deployments of ${orgName} are stopped: its budget is used up`,
    says: `${orgName} has used ${sums} in this month, and its deployments are stopped, as its budget says. Nothing is deleted. They run again with the next month, or within a minute when the budget is raised.`,
  }),
  resumed: (orgName) => ({
    subject: `The deployments of ${orgName} run again`,
    says: `The budget of ${orgName} has room again, and its deployments are started.`,
  }),
}
