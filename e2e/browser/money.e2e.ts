/** What who runs the installation sees of Stripe, and mends. Each step goes on from the one before. */
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'

import { eventually } from '../fixtures/cluster.ts'
import { useBrowser } from '../fixtures/dashboard.ts'
import type { Person } from '../fixtures/platform.ts'
import { useBillingServer } from '../fixtures/use-billing.ts'

const ROOT = 'root-of-money@example.com'
const AWAY = /Stripe cannot be reached.*It is tried again by itself \(\d+ attempts? so far\)/

const browser = useBrowser()
const billing = useBillingServer()
let ada: Person
let page: Page
/** Of Ada's. */
let customerId: string

/** By Checkout, without its page. */
async function subscribe(): Promise<void> {
  await ada.api.billing.checkout.mutate({ orgId: ada.orgId, plan: 'business', interval: 'month' })
  const [checkoutId] = Object.keys(billing.stripe.account.state.checkouts)
  billing.stripe.account.completeCheckout(checkoutId ?? '', { card: 'pays' })
  await eventually(20_000, async () => {
    if ((await adasOrg()).planId !== 'business') throw new Error('She has paid, and has nothing of it.')
  })
}

const adasOrg = async () => billing.db.prisma.organization.findUniqueOrThrow({ where: { id: ada.orgId } })
const changeOrg = async (data: { membersUsed?: number; stripeCustomerId?: null }): Promise<unknown> =>
  billing.db.prisma.organization.update({ where: { id: ada.orgId }, data })
const auditOf = async (targetId: string) =>
  billing.db.prisma.auditEvent.findMany({ where: { targetId, actorName: 'root-of-money' } })

beforeAll(async () => {
  const context = await browser.newContext({ baseURL: billing.server.url })
  page = await context.newPage()
  ada = await billing.server.signIn('ada-pays@example.com')
  await subscribe()
  customerId = (await adasOrg()).stripeCustomerId ?? ''
  const { userId: id } = await billing.server.signIn(ROOT)
  await billing.db.prisma.user.update({ where: { id }, data: { platformAdmin: true } })
  await page.goto(`/dev/login?email=${encodeURIComponent(ROOT)}`)
})

const row = (text: string | RegExp) => page.getByRole('main').getByRole('listitem').filter({ hasText: text })

it('shows an event that failed with its last error, and works on it again when asked', async () => {
  billing.stripe.trouble.isAway = true
  const eventId = 'evt_of_the_outage'
  await billing.db.prisma.stripeEvent.create({
    data: {
      id: eventId,
      type: 'invoice.paid',
      livemode: false,
      payload: {},
      createdAt: new Date('2026-01-01T00:00:00Z'),
      customerId,
    },
  })
  await page.goto('/admin/stripe')
  await page.getByRole('button', { name: 'Waiting' }).click()
  await row(eventId).getByText('Failing').waitFor({ timeout: 30_000 })
  await row(eventId).getByText(AWAY).waitFor()
  await page.getByText('Waiting now: 1.').waitFor()
  // Nothing but the button brings it on from here.
  await billing.db.prisma.stripeEvent.update({
    where: { id: eventId },
    data: { processAfter: new Date('2100-01-01T00:00:00Z') },
  })
  billing.stripe.trouble.isAway = false
  await row(eventId)
    .getByRole('button', { name: /^Replay/ })
    .click()
  await page.getByText('The event is worked on again').waitFor()
  await page.getByText('Every event was worked on.').waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: 'All' }).click()
  await row(eventId).getByText('The organisation is as Stripe says.').waitFor()
  expect(await auditOf(eventId)).toMatchObject([{ action: 'stripe-event:retry', targetName: 'invoice.paid' }])
})

it('finds that all agree, when asked to compare now', async () => {
  await page.getByRole('navigation', { name: 'Administration' }).getByText('Money and resources').click()
  await page.getByRole('button', { name: 'Compare now' }).click()
  await page.getByText('All agree').waitFor()
  expect(await row(/./).count()).toBe(0)
})

it('shows a difference in so many words, and mends it', async () => {
  await changeOrg({ membersUsed: 7 })
  await page.getByRole('button', { name: 'Compare now' }).click()
  await row('members: 7, counted 1')
    .getByRole('button', { name: /^Count again/ })
    .click()
  await page.getByText('It is mended').waitFor()
  await page.getByText('All agree').waitFor()
  expect((await adasOrg()).membersUsed).toBe(1)
  expect(await auditOf(ada.orgId)).toMatchObject([{ action: 'billing:repair', detail: { how: 'recount' } }])
})

it('asks before it cancels a subscription of nobody', async () => {
  await changeOrg({ stripeCustomerId: null })
  await page.getByRole('button', { name: 'Compare now' }).click()
  await row('Stripe charges for a subscription')
    .getByRole('button', { name: /^Cancel it/ })
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/It ends at once, and cannot be taken up again/).waitFor()
  const statuses = () => billing.stripe.account.subscriptionsOf(customerId).map(({ status }) => status)
  expect(statuses()).toEqual(['active'])
  await dialog.getByRole('button', { name: 'Cancel the subscription' }).click()
  await expect.poll(statuses, { timeout: 20_000 }).toEqual(['canceled'])
  await page.getByText('All agree').waitFor()
})

it('gives an organisation credit with a reason, and its owner reads both', async () => {
  await page.goto('/admin/orgs')
  await page.getByRole('button', { name: `Give credit to ${(await adasOrg()).name}` }).click()
  const dialog = page.getByRole('dialog')
  const give = dialog.getByRole('button', { name: 'Give credit' })
  await dialog.getByLabel('Amount').fill('12.345')
  await dialog.getByLabel('Reason').fill('For the outage')
  await dialog.getByText('Write an amount such as 250 or 99.50.').waitFor()
  expect(await give.isDisabled()).toBe(true)
  await dialog.getByLabel('Amount').fill('12.50')
  await give.click()
  await page.getByText(/^The credit is given to/).waitFor()
  const { entries } = await ada.api.usage.credits.query({ orgId: ada.orgId })
  expect(entries).toMatchObject([{ amountCents: 1250, reason: 'For the outage' }])
})
