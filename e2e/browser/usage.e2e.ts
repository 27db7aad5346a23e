import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { API_VERSION } from '../../src/contract/crd/meta.ts'
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { newId, type DeploymentId } from '../../src/contract/ids.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { openCluster } from '../fixtures/cluster.ts'
import { apiOf, signIn, templateCalled, untilPhase, useBrowser } from '../fixtures/dashboard.ts'
import { deploymentRow, namespaceOf, queryDatabase } from '../fixtures/remains.ts'

const EMAIL = 'usage@example.com'
const MONTH = '2026-01'

/** Each step goes on from the one before. */
skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const browser = useBrowser()
  const cluster = openCluster()
  const id: DeploymentId = newId('dep')
  let context: BrowserContext
  let page: Page
  let orgId: string

  beforeAll(async () => {
    context = await browser.newContext()
    page = await signIn(context, EMAIL)
    const api = await apiOf(context)
    const { teamId, id: templateId } = await templateCalled(api, 'hello')
    await api.deployments.create.mutate({ id, teamId, templateId, displayName: 'Metered' })
    orgId = (await api.orgs.list.query())[0]?.id ?? ''
  })
  afterAll(async () => cluster.close())

  const consumption = async () => {
    const row = await deploymentRow(id)
    const path = `/apis/${API_VERSION}/namespaces/${namespaceOf(row)}/userdeployments/${row.name}`
    return (await cluster.get<UserDeployment>(path))?.status?.consumption
  }

  it('finds in the cluster what running pods ask for, and nothing of stopped ones', async () => {
    await page.goto(`/deployments/${id}`)
    await untilPhase(page, 'Ready')
    const last = async () => (await consumption())?.steps.at(-1)
    await expect.poll(last, { timeout: 60_000 }).toMatchObject({ storage: 0 })
    expect((await last())?.cpu).toBeGreaterThan(0)
    expect((await last())?.memory).toBeGreaterThan(0)
    await (await apiOf(context)).deployments.suspend.mutate({ id })
    await expect.poll(last, { timeout: 120_000 }).toMatchObject({ cpu: 0, memory: 0 })
    expect((await consumption())?.steps.length).toBeGreaterThan(1)
  })

  it('says so while nothing was used, then shows days and deployments', async () => {
    await page.goto(`/orgs/${orgId}/usage?month=${MONTH}`)
    await page.getByText('Nothing was used in this month').waitFor()
    const { team_id: teamId } = (
      await queryDatabase<{ team_id: string }>('SELECT team_id FROM deployments WHERE id = $1', [id])
    )[0] ?? { team_id: '' }
    await queryDatabase(
      `INSERT INTO usage_hours SELECT $1, h, $2, $3, 'Metered', 1800000 * extract(day FROM h), 3686400, 36864000
      FROM generate_series('2026-01-03T00:00:00Z'::timestamptz, '2026-01-24T00:00:00Z', '5 hours') AS h`,
      [id, orgId, teamId],
    )
    await page.reload()
    await page.getByRole('button', { name: /^CPU/, pressed: true }).waitFor()
    await page.getByRole('row', { name: /^Jan 3/ }).waitFor({ state: 'attached' })
    await page.getByRole('button', { name: /^Cost/ }).click()
    await page.getByText(/^At most €/).waitFor()
    expect(await page.getByRole('link', { name: 'Metered' }).getAttribute('href')).toBe(`/deployments/${id}`)
  })

  it('gives the hours as a file', async () => {
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'CSV' }).click()
    expect((await download).suggestedFilename()).toBe(`usage-${orgId}.csv`)
  })

  it('takes a budget from the owner, and says what is wrong with what is none', async () => {
    await page.getByLabel(/^Amount in EUR/).fill('much')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Write an amount such as 250').waitFor()
    await page.getByLabel(/^Amount in EUR/).fill('250')
    await page.getByLabel('Stop all deployments when it is used up').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('of €250.00 used in this month').waitFor()
    const rows = await queryDatabase('SELECT amount_cents, stops FROM budgets WHERE org_id = $1', [orgId])
    expect(rows).toEqual([{ amount_cents: 25_000, stops: true }])
  })

  it('shows what credit is left, and why it was given', async () => {
    await queryDatabase(
      `INSERT INTO credit_entries (id, org_id, amount_cents, reason, actor_name) VALUES ($1, $2, 5000, 'Welcome', 'Ada')`,
      [newId('crd'), orgId],
    )
    await page.reload()
    await page.getByText(/^€(50\.00|49\.\d\d) left\./).waitFor()
    expect(await page.getByText(/^€50\.00: Welcome, /).count()).toBe(1)
  })
})
