import { randomBytes } from 'node:crypto'
import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, describe, expect, inject, it } from 'vitest'

import { newId, type DeploymentId, type TeamId, type TemplateId } from '../../src/contract/ids.ts'
import type { Client } from '../../src/sdk/create-client.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { eventually, throughTraefik } from '../fixtures/cluster.ts'
import { apiOf, PAGE_MS, ROLLOUT_MS, signIn, templateCalled, useBrowser } from '../fixtures/dashboard.ts'

/** How long an ordinary request of a tab may take, whatever the others hold open. */
const ANSWER_MS = 3_000

/** Browsers give a site six connections over HTTP/1.1, for all tabs together; streams must leave some of them free. */
skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const browser = useBrowser()
  let context: BrowserContext
  let api: Client['api']
  let teamId: TeamId
  let templateId: TemplateId
  let first: DeploymentId

  beforeAll(async () => {
    context = await browser.newContext()
    await signIn(context, 'tabs@example.com')
    api = await apiOf(context)
    const template = await templateCalled(api, 'hello')
    teamId = template.teamId
    templateId = template.id
    first = await create('First')
    await eventually(ROLLOUT_MS, async () => {
      const { phase } = await api.deployments.get.query({ id: first })
      if (phase !== 'Ready') throw new Error(`It is ${phase}.`)
    })
  })

  async function create(displayName: string): Promise<DeploymentId> {
    const id = newId('dep')
    await api.deployments.create.mutate({ id, teamId, templateId, displayName })
    return id
  }

  async function openTabs(paths: readonly string[]): Promise<Page[]> {
    for (const page of context.pages()) await page.close()
    return Promise.all(
      paths.map(async (path) => {
        const page = await context.newPage()
        await page.goto(path, { waitUntil: 'domcontentloaded' })
        await page.getByRole('heading', { level: 1 }).waitFor()
        return page
      }),
    )
  }

  /** Milliseconds until the last of the tabs has its answer to an ordinary request, all asking at the same time. */
  async function slowestAnswer(tabs: readonly Page[]): Promise<number> {
    const times = tabs.map(async (tab) =>
      tab.evaluate(async () => {
        const started = performance.now()
        const answer = await fetch('/trpc/auth.me')
        await answer.text()
        return answer.ok ? performance.now() - started : Number.POSITIVE_INFINITY
      }),
    )
    return Math.max(...(await Promise.all(times)))
  }

  /** Saves a variable and answers with the revision that this made. */
  async function change(): Promise<number> {
    const [service] = (await api.deployments.get.query({ id: first })).specs
    if (!service) throw new Error('The deployment has no service.')
    const env = [{ name: 'CHANGED', value: randomBytes(4).toString('hex') }]
    return (await api.deployments.updateEnv.mutate({ id: first, service: service.name, env })).revision
  }

  const shows = async (tab: Page, text: string | RegExp): Promise<void> =>
    tab.getByText(text).first().waitFor({ timeout: PAGE_MS })

  describe('six tabs', () => {
    it('of lists, details and logs all show what changes, and each is still answered', async () => {
      const page = `/deployments/${first}`
      const tabs = await openTabs(['/', '/', page, `${page}/logs`, `${page}/logs`, `${page}/logs`])
      expect(await slowestAnswer(tabs)).toBeLessThan(ANSWER_MS)
      const revision = await change()
      await create('Second')
      const lists = tabs.slice(0, 2)
      const details = tabs.slice(2)
      await Promise.all(lists.map(async (tab) => shows(tab, 'Second')))
      await Promise.all(details.map(async (tab) => shows(tab, new RegExp(`revision ${revision}\\b`))))
      // The log of what the change started, in each tab that shows logs.
      const id = `tabs-${randomBytes(6).toString('hex')}`
      await askApp(id)
      await Promise.all(
        tabs.slice(3).map(async (tab) => {
          await tab.getByLabel('Search in the log').fill(id)
          await tab.getByRole('log').getByText(id).first().waitFor()
        }),
      )
      expect(await slowestAnswer(tabs)).toBeLessThan(ANSWER_MS)
    })

    it('of logs say which of them wait for a place, and all are still answered', async () => {
      const tabs = await openTabs(Array.from({ length: 6 }, () => `/deployments/${first}/logs`))
      const standing = async (tab: Page): Promise<string> =>
        ((await tab.getByRole('region', { name: 'Logs' }).textContent()) ?? '').includes('Three other tabs')
          ? 'waits'
          : 'reads'
      await eventually(PAGE_MS, async () => {
        const all = await Promise.all(tabs.map(standing))
        expect(all.toSorted()).toEqual(['reads', 'reads', 'reads', 'waits', 'waits', 'waits'])
      })
      expect(await slowestAnswer(tabs)).toBeLessThan(ANSWER_MS)
      const revision = await change()
      await Promise.all(tabs.map(async (tab) => shows(tab, new RegExp(`revision ${revision}\\b`))))
      expect(await slowestAnswer(tabs)).toBeLessThan(ANSWER_MS)
      // A place that becomes free is taken by one that waited.
      const readers = await Promise.all(tabs.map(standing))
      await tabs[readers.indexOf('reads')]?.close()
      const left = tabs.filter((tab) => !tab.isClosed())
      await eventually(PAGE_MS, async () => {
        const all = await Promise.all(left.map(standing))
        expect(all.toSorted()).toEqual(['reads', 'reads', 'reads', 'waits', 'waits'])
      })
    })
  })

  async function askApp(requestId: string): Promise<void> {
    const { urls } = await api.deployments.get.query({ id: first })
    await eventually(ROLLOUT_MS, async () => {
      const { status } = await throughTraefik(new URL(urls[0] ?? '').hostname, '/', {
        'x-request-id': requestId,
      })
      if (status !== 200) throw new Error(`Traefik answered ${status}`)
    })
  }
})
