/** From the free plan's limit to a paid plan, at a server that sells them. Each step goes on from the one before. */
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { API_VERSION } from '../../src/contract/crd/meta.ts'
import { newId } from '../../src/contract/ids.ts'
import { openCluster } from '../fixtures/cluster.ts'
import { deploy, pickTemplate, useBrowser } from '../fixtures/dashboard.ts'
import { linkFor } from '../fixtures/letters.ts'
import { codeOf, fillIn, namespaceOf, removeAllOf, type Person } from '../fixtures/platform.ts'
import { useBillingServer } from '../fixtures/use-billing.ts'

const ADA = 'ada-buys@example.com'
const GRACE = 'grace-joins@example.com'
/** What the page promises: so long after the payment nothing is in the way any more. */
const LIFTED_MS = 5_000
const REFUSED =
  'The Free plan allows 1 deployment, and your organisation has 1. Delete one, or change to the Business plan.'

const browser = useBrowser()
const cluster = openCluster()
const people: Person[] = []
// Hooks run the other way round: the server is gone by then, and brings nothing back.
afterAll(async () => {
  await removeAllOf(cluster, ...people)
  await cluster.close()
})
const billing = useBillingServer()
const contexts = {} as { ada: BrowserContext; grace: BrowserContext }
let ada: Person
/** Stands on the form to deploy from the limit to the second deployment. */
let form: Page
/** Where she pays. */
let paying: Page

beforeAll(async () => {
  const baseURL = billing.server.url
  contexts.ada = await browser.newContext({ baseURL })
  contexts.grace = await browser.newContext({ baseURL })
})

const deployButton = (page: Page) => page.getByRole('button', { name: 'Deploy', exact: true })

async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** How many custom resources the cluster has of hers. */
async function inCluster(): Promise<number> {
  const path = `/apis/${API_VERSION}/namespaces/${namespaceOf(ada)}/userdeployments`
  return (await cluster.get<{ items: unknown[] }>(path)).items.length
}

it('asks a new owner for a plan, once', async () => {
  form = await contexts.ada.newPage()
  await form.goto('/')
  await signIn(form, ADA)
  await form.getByRole('heading', { level: 1, name: 'Choose a plan' }).waitFor()
  await form.getByText(/^\$29(\.00)? a month$/).waitFor()
  await form.getByRole('button', { name: 'Begin with Free' }).click()
  await form.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor()
  ada = await billing.server.signIn(ADA)
  people.push(ada)
  await form.reload()
  await form.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor()
  expect(await ada.api.billing.overview.query({ orgId: ada.orgId })).toMatchObject({ isChosen: true })
  expect(new URL(form.url()).pathname).toBe('/')
})

it('says what is left, and takes the one deployment that the free plan allows', async () => {
  await pickTemplate(form, 'Hello')
  await form.getByText('1 left').waitFor()
  // Stays on the form as it was before the limit was reached.
  const early = await contexts.ada.newPage()
  await early.goto(form.url())
  await early.getByText('1 left').waitFor()
  await deploy(form)
  await expect.poll(inCluster, { timeout: 30_000 }).toBe(1)
  await deployButton(early).click()
  await early.getByText(REFUSED).waitFor()
  await early.close()
})

it('says before the click that nothing is left, and the server holds to it', async () => {
  await pickTemplate(form, 'Hello')
  await form.getByText('1 of 1 deployment used').waitFor()
  await form.getByText('0 left').waitFor()
  await form.getByText(/has all the deployments that its plan allows/).waitFor()
  const larger = form.getByRole('link', { name: 'choose a larger plan' })
  expect(await larger.getAttribute('href')).toBe(`/orgs/${ada.orgId}/billing`)
  expect(await deployButton(form).isDisabled()).toBe(true)
  const wish = await fillIn(ada, 'hello', { id: newId('dep') })
  const refused = await ada.api.deployments.create.mutate(wish).catch((error: unknown) => error)
  expect(refused).toMatchObject({ message: REFUSED, data: { code: 'TIER_LIMIT_REACHED' } })
})

it('says it of teams and members too, where one would make them', async () => {
  const page = await contexts.ada.newPage()
  await page.goto(`/orgs/${ada.orgId}/invitations`)
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByRole('dialog').getByText('1 of 1 member used').waitFor()
  await page.goto(`/orgs/${ada.orgId}/teams`)
  await page.getByRole('button', { name: 'Create a team' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('0 left').waitFor()
  await dialog.getByLabel('Name').fill('Another')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await dialog.getByText(/^The Free plan allows 1 team.* change to the Business plan\.$/).waitFor()
  expect(await ada.api.teams.list.query({ orgId: ada.orgId })).toHaveLength(1)
  await page.close()
})

it('lifts the limit within five seconds of the payment, in a form that was open all the time', async () => {
  let loads = 0
  form.on('load', () => (loads += 1))
  paying = await contexts.ada.newPage()
  await paying.goto('/billing')
  await paying.getByRole('heading', { name: 'Your plan is Free' }).waitFor()
  await paying.getByRole('button', { name: 'Choose Business' }).click()
  await paying.getByRole('heading', { name: 'Subscribe to Business' }).waitFor()
  expect(new URL(paying.url()).origin).toBe(billing.stripe.url)
  // A card that is declined buys nothing.
  await paying.getByLabel(/which is declined/).check()
  await paying.getByRole('button', { name: 'Subscribe' }).click()
  await paying.getByText('Your card was declined.').waitFor()
  expect(await deployButton(form).isDisabled()).toBe(true)
  await paying.getByLabel(/which works/).check()
  await paying.getByRole('button', { name: 'Subscribe' }).click()
  await paying.waitForURL(/\/billing\?checkout=done$/, { waitUntil: 'commit' })
  await Promise.all([
    paying.getByRole('heading', { name: 'Your plan is Business' }).waitFor({ timeout: LIFTED_MS }),
    form.getByText('9 left').waitFor({ timeout: LIFTED_MS }),
  ])
  expect(await deployButton(form).isEnabled()).toBe(true)
  await deploy(form)
  await expect.poll(inCluster, { timeout: 30_000 }).toBe(2)
  expect(loads).toBe(0)
})

it('leads to the portal of Stripe and back', async () => {
  await paying.getByText('ending in 4242').waitFor()
  await paying.getByRole('button', { name: 'Cards, addresses and invoices at Stripe' }).click()
  await paying.getByRole('heading', { name: 'Your subscription' }).waitFor()
  expect(new URL(paying.url()).origin).toBe(billing.stripe.url)
  await paying.getByText(/^It is active, and renews on/).waitFor()
  await paying.getByRole('link', { name: 'Return to Shipyard' }).click()
  await paying.getByRole('heading', { name: 'Your plan is Business' }).waitFor()
})

it('shows nothing of billing to a member who is not the owner', async () => {
  await ada.api.invitations.create.mutate({
    ...{ teamId: ada.teamId, email: GRACE, role: 'developer', orgRole: 'org_admin' },
  })
  const page = await contexts.grace.newPage()
  const asked: string[] = []
  page.on('request', (request) => {
    if (/\/billing\./.test(request.url())) asked.push(request.url())
  })
  await page.goto(await linkFor(GRACE))
  await signIn(page, GRACE)
  await page.getByRole('button', { name: 'Accept' }).click()
  await page.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor()
  for (const path of ['/billing', `/orgs/${ada.orgId}/billing`]) {
    await page.goto(path)
    await page.getByText('There is no such page').waitFor()
  }
  await page.goto(`/orgs/${ada.orgId}/members`)
  const offered = page.getByRole('navigation', { name: 'Organisation' }).getByRole('link')
  await offered.first().waitFor()
  expect(await offered.allTextContents()).not.toContain('Billing')
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
  expect(await page.getByText(/billing|plan/i).count()).toBe(0)
  expect(asked).toEqual([])
})

it('refuses a member, and tells a stranger that there is nothing', async () => {
  const of = { orgId: ada.orgId }
  const codes = async ({ api }: Person) => [
    await codeOf(api.billing.overview.query(of)),
    await codeOf(api.billing.invoices.query(of)),
    await codeOf(api.billing.portal.mutate(of)),
    await codeOf(api.billing.checkout.mutate({ ...of, plan: 'business', interval: 'month' })),
  ]
  const grace = await billing.server.signIn(GRACE)
  expect(new Set(await codes(grace))).toEqual(new Set(['FORBIDDEN']))
  const stranger = await billing.server.signIn('stranger-looks@example.com')
  expect(new Set(await codes(stranger))).toEqual(new Set(['NOT_FOUND']))
})
