/** The pages of who runs the installation, about people and organisations. Each step goes on from the one before. */
import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, expect, inject, it } from 'vitest'

import { PAGE_MS, apiOf, deployAs, signIn, untilPhase, useBrowser } from '../fixtures/dashboard.ts'
import { queryDatabase } from '../fixtures/remains.ts'
import { skipUnless } from '../../src/testing/levels.ts'

const ROOT = 'root-administers@example.com'
const MALLORY = 'mallory-mines@example.com'
const ORG = 'Mallory and coins'
const REASON = 'It mines coins.'

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const browser = useBrowser()
  const contexts = {} as { root: BrowserContext; mallory: BrowserContext }
  let root: Page
  let mallory: Page
  let orgId: string

  beforeAll(async () => {
    contexts.root = await browser.newContext()
    contexts.mallory = await browser.newContext()
    root = await signIn(contexts.root, ROOT)
    await queryDatabase('UPDATE users SET platform_admin = true WHERE email = $1', [ROOT])
    const deployed = await deployAs(contexts.mallory, MALLORY, { template: 'hello', displayName: 'Miner' })
    mallory = deployed.page
    await untilPhase(mallory, 'Ready')
    const [org] = await deployed.api.orgs.list.query()
    if (!org) throw new Error('Who signs in has an organisation.')
    orgId = org.id
    await deployed.api.orgs.rename.mutate({ orgId: org.id, name: ORG })
  })

  const row = () => root.getByRole('list', { name: 'Organisations' }).getByRole('listitem')
  const auditOf = async (targetId: string) =>
    queryDatabase<{ action: string; detail: unknown }>(
      'SELECT action, detail FROM audit_events WHERE target_id = $1 AND actor_name = $2 ORDER BY at, id',
      [targetId, 'root-administers'],
    )

  it('finds an organisation by its owner, from the main navigation', async () => {
    await root.goto('/')
    await root.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Administration' }).click()
    await root.getByRole('heading', { level: 1, name: 'Organisations' }).waitFor()
    await root.getByRole('searchbox').fill(MALLORY)
    await row().filter({ hasText: ORG }).getByText('1 deployment').waitFor()
    await expect.poll(async () => row().count()).toBe(1)
  })

  it('suspends it once a reason and its name are written, and its pods stop', async () => {
    await root.getByRole('button', { name: `Suspend ${ORG}` }).click()
    const dialog = root.getByRole('dialog')
    const suspend = dialog.getByRole('button', { name: 'Suspend' })
    await dialog.getByText('The pods of 1 deployment stop').waitFor()
    await dialog.getByLabel('Reason').fill(REASON)
    expect(await suspend.isDisabled()).toBe(true)
    await dialog.getByLabel(`To confirm, type ${ORG}`).fill(ORG)
    await suspend.click()
    await row().getByText(REASON).waitFor()
    await row().getByText('Suspended', { exact: true }).waitFor()
    expect(await auditOf(orgId)).toMatchObject([
      { action: 'org:suspend', detail: { suspended: true, reason: REASON } },
    ])
    await mallory.reload()
    await mallory.getByText(`${ORG} is suspended`).waitFor()
    await untilPhase(mallory, 'Stopped')
    await mallory.goto(`/orgs/${orgId}/settings`)
    await mallory.getByText(REASON).waitFor()
  })

  it('lists what is suspended, and lets it go on', async () => {
    await root.getByLabel('Which organisations').selectOption('Suspended')
    await row()
      .getByRole('button', { name: `Resume ${ORG}` })
      .click()
    await root.getByText(`${ORG} goes on`).first().waitFor()
    await root.getByText('There is none').waitFor()
    const [deployment] = (await (await apiOf(contexts.mallory)).orgs.list.query()) ?? []
    expect(deployment?.isSuspended).toBe(false)
    await mallory.goBack()
    await untilPhase(mallory, 'Ready')
  })

  it('ends all sessions of somebody, whose page asks to sign in', async () => {
    await root
      .getByRole('navigation', { name: 'Administration' })
      .getByRole('link', { name: 'Sessions' })
      .click()
    await root.getByLabel('E-mail').fill('nobody-at-all@example.com')
    await root.getByRole('button', { name: 'End all sessions' }).click()
    const dialog = root.getByRole('dialog')
    await dialog.getByRole('button', { name: 'End all sessions' }).click()
    await dialog.getByText(/There is no such user/).waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await root.getByLabel('E-mail').fill(MALLORY)
    await root.getByRole('button', { name: 'End all sessions' }).click()
    await dialog.getByRole('button', { name: 'End all sessions' }).click()
    await root.getByText(`1 session of ${MALLORY} ended`).first().waitFor()
    await expect.poll(() => new URL(mallory.url()).pathname, { timeout: PAGE_MS }).toBe('/sign-in')
  })

  it('is there for nobody else', async () => {
    const eve = await signIn(await browser.newContext(), 'eve-administers@example.com')
    const links = eve.getByRole('navigation', { name: 'Main' }).getByRole('link')
    await links.first().waitFor()
    expect(await links.allTextContents()).not.toContain('Administration')
    for (const path of ['/admin', '/admin/orgs', '/admin/sessions']) {
      await eve.goto(path)
      await eve.getByText('There is no such page').waitFor()
    }
  })
})
