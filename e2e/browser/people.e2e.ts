/** Two people and one organisation, from the first sign-in to the end of a right. Each step goes on from the one before. */
import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, expect, inject, it } from 'vitest'

import { skipUnless } from '../../src/testing/levels.ts'
import {
  deploy,
  openTab,
  PAGE_MS,
  pickTemplate,
  signIn,
  untilPhase,
  useBrowser,
} from '../fixtures/dashboard.ts'
import { linkFor } from '../fixtures/letters.ts'

const ADA = 'ada-people@example.com'
const GRACE = 'grace-people@example.com'
const ORG = 'Ada and Grace'

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const browser = useBrowser()
  const contexts = {} as { ada: BrowserContext; grace: BrowserContext }
  let ada: Page
  let grace: Page
  let id: string

  beforeAll(async () => {
    contexts.ada = await browser.newContext()
    contexts.grace = await browser.newContext()
  })

  const openOrg = async (page: Page, part: string): Promise<void> => {
    await page.getByRole('navigation', { name: 'Organisation' }).getByRole('link', { name: part }).click()
    await page.getByRole('heading', { level: 1, name: part }).waitFor()
  }
  const rowOf = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name })

  it('creates an organisation, which one is in at once', async () => {
    ada = await signIn(contexts.ada, ADA)
    await ada
      .locator('header')
      .getByRole('button', { name: /organisation/ })
      .click()
    await ada.getByRole('menuitem', { name: 'Create an organisation' }).click()
    const dialog = ada.getByRole('dialog')
    await dialog.getByLabel('Name').fill('x'.repeat(10_000))
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText(/has 1 to 60 characters/).waitFor()
    await dialog.getByLabel('Name').fill(ORG)
    await dialog.getByRole('button', { name: 'Create' }).click()
    await ada.getByRole('heading', { level: 1, name: 'Members' }).waitFor()
    await ada.locator('header').getByRole('button', { name: ORG }).waitFor()
    await rowOf(ada, ADA).getByText('you').waitFor()
    expect(await ada.getByRole('list', { name: 'Members' }).getByRole('listitem').count()).toBe(1)
  })

  it('invites somebody by mail, and sees it on the list', async () => {
    await openOrg(ada, 'Invitations')
    await ada.getByText('Nobody is invited').waitFor()
    await ada.getByRole('button', { name: 'Invite somebody' }).click()
    const dialog = ada.getByRole('dialog')
    await dialog.getByLabel('E-mail').fill('grace')
    await dialog.getByRole('button', { name: 'Invite' }).click()
    await dialog.getByText(/An address is written like/).waitFor()
    await dialog.getByLabel('E-mail').fill(GRACE)
    await dialog.getByLabel('Role in the team').selectOption('Developer')
    await dialog.getByRole('button', { name: 'Invite' }).click()
    await dialog.waitFor({ state: 'detached' })
    await rowOf(ada, GRACE).getByText('Open', { exact: true }).waitFor({ timeout: PAGE_MS })
    expect(await rowOf(ada, GRACE).textContent()).toContain('Default: Developer')
  })

  it('is accepted in another browser, after signing in as the one who is invited', async () => {
    const link = await linkFor(GRACE)
    grace = await contexts.grace.newPage()
    // Not signed in: first that, and then back to the invitation.
    await grace.goto(link)
    await grace.getByLabel('E-mail').fill('somebody-else@example.com')
    await grace.getByRole('button', { name: 'Sign in' }).click()
    await grace.getByText(`This invitation is for ${GRACE}`).waitFor()
    await grace.getByRole('button', { name: 'Sign in with another address' }).click()
    await grace.getByLabel('E-mail').fill(GRACE)
    await grace.getByRole('button', { name: 'Sign in' }).click()
    await grace.getByRole('heading', { name: /invites you to Ada and Grace/ }).waitFor()
    await grace.getByRole('button', { name: 'Accept' }).click()
    await grace.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor()
    await grace.locator('header').getByRole('button', { name: ORG }).waitFor()
    // Opening it once more is harmless.
    await grace.goto(link)
    await grace.getByText('You have accepted this invitation before').waitFor()
    await ada.reload()
    await rowOf(ada, GRACE).getByText('Accepted').waitFor()
    expect(await rowOf(ada, GRACE).getByRole('button').count()).toBe(0)
  })

  const giveRole = async (role: string): Promise<void> => {
    await ada.getByRole('combobox', { name: 'Role of grace-people' }).selectOption(role)
    await ada.getByText('grace-people has another role now').first().waitFor()
  }

  it('lets a viewer look, and tells her why she may not deploy', async () => {
    await openOrg(ada, 'Teams')
    await ada.getByRole('link', { name: 'Default' }).click()
    await ada.getByRole('list', { name: 'Members of the team' }).waitFor()
    await giveRole('Viewer')
    await grace.goto('/')
    await pickTemplate(grace, 'Hello')
    const button = grace.getByRole('button', { name: 'Deploy', exact: true })
    expect(await button.isDisabled()).toBe(true)
    await grace
      .getByText(/Your role in this team does not allow/)
      .first()
      .waitFor()
    // Nor may she change what Ada changes, and is told who may.
    await grace.locator('header').getByRole('button', { name: ORG }).click()
    await grace.getByRole('menuitem', { name: 'Members and invitations' }).click()
    const remove = grace.getByRole('button', { name: 'Remove ada-people' })
    await remove.waitFor()
    expect(await remove.isDisabled()).toBe(true)
    await openOrg(grace, 'Teams')
    const create = grace.getByRole('button', { name: 'Create a team' })
    expect(await create.getAttribute('title')).toMatch(/owner and administrators of the organisation/)
  })

  it('lets a developer deploy without a new sign-in', async () => {
    await giveRole('Developer')
    await grace.goto('/')
    await pickTemplate(grace, 'Hello')
    id = await deploy(grace)
    await untilPhase(grace, 'Ready')
    expect(await grace.locator('main').textContent()).toContain('by grace-people')
  })

  it('hands a deployment to another member, and back', async () => {
    await ada.goto(`/deployments/${id}/settings`)
    const card = ada.locator('section, div').filter({ hasText: 'answers for it.' }).last()
    for (const email of [ADA, GRACE]) {
      await ada.getByRole('button', { name: 'Hand over' }).click()
      const dialog = ada.getByRole('dialog')
      const option = dialog.getByRole('option').filter({ hasText: email })
      await dialog.getByLabel('New owner').selectOption((await option.getAttribute('value')) ?? '')
      await dialog.getByRole('button', { name: 'Hand over' }).click()
      await card.filter({ hasText: email.split('@')[0] ?? email }).waitFor()
    }
    expect(await ada.locator('main').textContent()).toContain('by grace-people')
    await ada.goBack()
    await ada.getByRole('navigation', { name: 'Organisation' }).waitFor()
  })

  it('ends her logs within two seconds when she is removed, and keeps what she made', async () => {
    await openTab(grace, 'Logs')
    await grace
      .getByText(/listening/i)
      .first()
      .waitFor()
    const refused = grace
      .locator('main')
      .getByText(/There is no such deployment/)
      .first()
    expect(await refused.count()).toBe(0)
    const ended = refused.waitFor({ timeout: 30_000 }).then(() => performance.now())
    await openOrg(ada, 'Members')
    await ada.getByRole('button', { name: 'Remove grace-people' }).click()
    const dialog = ada.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true)
    await dialog.getByLabel(/New owner of 1 deployment/).selectOption({ index: 1 })
    const pressed = performance.now()
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await ada.getByText('grace-people is not a member any more').waitFor()
    expect((await ended) - pressed).toBeLessThan(2_000)
    await ada.goto(`/deployments/${id}`)
    await ada.getByText('by ada-people').waitFor()
    await untilPhase(ada, 'Ready')
    await grace.goto(`/deployments/${id}`)
    await grace.getByText(/There is no such deployment/).waitFor()
  })
})
