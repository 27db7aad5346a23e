import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { API_VERSION } from '../../src/contract/crd/meta.ts'
import { newId, type DeploymentId } from '../../src/contract/ids.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { openCluster } from '../fixtures/cluster.ts'
import { apiOf, PAGE_MS, signIn, templateCalled, untilPhase, useBrowser } from '../fixtures/dashboard.ts'
import { deploymentRow, namespaceOf, queryDatabase } from '../fixtures/remains.ts'

const EMAIL = 'garbage@example.com'

/** The page of who runs the installation. Each step goes on from the one before. */
skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const browser = useBrowser()
  const cluster = openCluster()
  const id: DeploymentId = newId('dep')
  let context: BrowserContext
  let page: Page

  beforeAll(async () => {
    context = await browser.newContext()
    page = await signIn(context, EMAIL)
    const api = await apiOf(context)
    const { teamId, id: templateId } = await templateCalled(api, 'hello')
    await api.deployments.create.mutate({ id, teamId, templateId, displayName: 'Lost and found' })
    await page.goto(`/deployments/${id}`)
    await untilPhase(page, 'Ready')
  })
  afterAll(async () => cluster.close())

  const links = (navigation: string) => page.getByRole('navigation', { name: navigation }).getByRole('link')
  const finding = () => page.getByRole('listitem').filter({ hasText: 'Lost and found' })

  /** As when the cluster lost it while a long back-off was under way: nothing brings it again by itself. */
  async function lose(): Promise<void> {
    await queryDatabase(
      `UPDATE deployments SET pushed_generation = generation - 1, push_after = now() + interval '1 hour',
      updated_at = now() - interval '1 hour' WHERE id = $1`,
      [id],
    )
    const row = await deploymentRow(id)
    await cluster.delete(`/apis/${API_VERSION}/namespaces/${namespaceOf(row)}/userdeployments/${row.name}`)
  }

  it('is there for nobody else', async () => {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    await page.keyboard.press('Escape')
    await links('Main').first().waitFor()
    expect(await links('Main').allTextContents()).not.toContain('Administration')
    await page.goto('/admin/garbage')
    await page.getByText('There is no such page').waitFor()
  })

  it('is opened by who runs the installation, and shows what is lost', async () => {
    await queryDatabase('UPDATE users SET platform_admin = true WHERE email = $1', [EMAIL])
    await lose()
    await page.goto('/')
    await links('Main').filter({ hasText: 'Administration' }).click()
    await links('Administration').filter({ hasText: 'Garbage report' }).click()
    await page.getByRole('heading', { level: 1, name: 'Garbage report' }).waitFor()
    await finding().getByText('The cluster has nothing of this deployment').waitFor()
    expect(await finding().count()).toBe(1)
  })

  it('brings it to the cluster again, after a question', async () => {
    await finding()
      .getByRole('button', { name: /^Push again/ })
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('is written to the cluster again').waitFor()
    await dialog.getByRole('button', { name: 'Push again' }).click()
    await page.getByText(/is on its way to the cluster/).waitFor()
    await finding().waitFor({ state: 'detached', timeout: PAGE_MS })
    const audit = await queryDatabase<{ action: string; actor_name: string }>(
      "SELECT action, actor_name FROM audit_events WHERE target_id = $1 AND action = 'garbage:repair'",
      [id],
    )
    expect(audit).toHaveLength(1)
    await page.goto(`/deployments/${id}`)
    await untilPhase(page, 'Ready')
  })
})
