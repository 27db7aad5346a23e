/** A terminal in a real container, as people use it: typed, resized, left, ended, and taken away while it is open. */
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { LABELS } from '../../src/contract/crd/meta.ts'
import type { DeploymentId, TeamId } from '../../src/contract/ids.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { openCluster } from '../fixtures/cluster.ts'
import { apiOf, deployAs, openTab, PAGE_MS, signIn, untilPhase, useBrowser } from '../fixtures/dashboard.ts'
import { shellPod } from '../fixtures/hello-manifests.ts'
import { colourOf, hasFocus, overflow } from '../fixtures/in-page.ts'
import { linkFor } from '../fixtures/letters.ts'
import { namespaceOf } from '../fixtures/platform.ts'

const ADA = 'ada-terminal@example.com'
const GRACE = 'grace-terminal@example.com'

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const browser = useBrowser()
  const cluster = openCluster()
  const contexts = {} as { ada: BrowserContext; grace: BrowserContext }
  let ada: Page
  let api: Awaited<ReturnType<typeof apiOf>>
  let id: DeploymentId
  let teamId: TeamId
  let name: string
  /** What pages were refused by the content security policy. */
  const refused: string[] = []

  const watchPolicy = (page: Page): void => {
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) refused.push(message.text())
    })
  }

  beforeAll(async () => {
    contexts.ada = await browser.newContext()
    contexts.grace = await browser.newContext()
    const deployed = await deployAs(contexts.ada, ADA, { template: 'hello', displayName: 'Shell' })
    ada = deployed.page
    api = deployed.api
    id = deployed.id
    watchPolicy(ada)
    const { user, orgs } = await api.auth.me.query()
    const view = await api.deployments.get.query({ id })
    teamId = view.teamId
    name = view.name
    const [org] = orgs
    if (!org) throw new Error('Who has just signed in is in no organisation.')
    await untilPhase(ada, 'Ready')
    // The images of the templates have no shell. A pod of this deployment that has one, beside those of the operator.
    const labels = { [LABELS.deployment]: name, [LABELS.service]: 'web' }
    const namespace = namespaceOf({ userId: user.id, orgId: org.id })
    const pod = shellPod(namespace, `${name}-shell`)
    await cluster.apply({ ...pod, metadata: { ...pod.metadata, labels } })
  })
  afterAll(async () => cluster.close())

  const partOf = (page: Page) => page.getByRole('region', { name: 'Terminal' })
  const shown = (page: Page) => page.locator('.xterm-rows')
  const press = async (page: Page, text: string): Promise<void> => {
    await page.keyboard.type(text)
    await page.keyboard.press('Enter')
  }
  const open = async (page: Page): Promise<void> => {
    await page.getByLabel('Pod', { exact: true }).selectOption(`${name}-shell`)
    await page.getByRole('button', { name: /Open (a terminal|again)/ }).click()
    await partOf(page).getByText('Open', { exact: true }).waitFor()
    await shown(page).getByText('$').first().waitFor()
  }

  it('shows what a shell answers, in its colours, by our content security policy', async () => {
    await openTab(ada, 'Terminal')
    await open(ada)
    await press(ada, 'echo $((6*7))')
    await shown(ada).getByText('42', { exact: true }).waitFor()
    await press(ada, String.raw`printf '\033[38;2;200;10;20mcrim''son\033[0m\n'`)
    const coloured = shown(ada).getByText('crimson', { exact: true })
    await coloured.waitFor()
    expect(await coloured.evaluate(colourOf)).toBe('rgb(200, 10, 20)')
    expect(refused).toEqual([])
  })

  it('has the size of its place, also on a phone', async () => {
    const columns = async (): Promise<number> => {
      await press(ada, 'clear; echo cols=$(stty size | cut -d" " -f2).')
      const line = shown(ada).getByText(/^cols=\d+\.$/)
      await line.waitFor()
      return Number(/\d+/.exec((await line.textContent()) ?? '')?.[0])
    }
    const wide = await columns()
    await ada.setViewportSize({ width: 390, height: 800 })
    await expect.poll(columns, { timeout: PAGE_MS }).toBeLessThan(wide)
    expect(await ada.evaluate(overflow)).toBeLessThanOrEqual(0)
    await ada.setViewportSize({ width: 1280, height: 800 })
  })

  it('is left by the keyboard', async () => {
    await ada.keyboard.press('Control+]')
    const button = ada.getByRole('button', { name: 'Open again' })
    expect(await button.evaluate(hasFocus)).toBe(true)
  })

  it('says with which code the shell has ended, and opens again', async () => {
    await ada.locator('.xterm').click()
    await press(ada, 'exit 3')
    await ada.getByText('The shell has ended with exit code 3.').waitFor()
    await open(ada)
    expect(await ada.getByText('The shell has ended').count()).toBe(0)
  })

  it('says of an image without a shell that it has none', async () => {
    await expect.poll(async () => ada.getByLabel('Pod').locator('option').count()).toBe(3)
    const [hello = ''] = (await ada.getByLabel('Pod').locator('option').allTextContents()).filter(
      (each) => each.startsWith(name) && !each.endsWith('-shell'),
    )
    await ada.getByLabel('Pod').selectOption(hello)
    await ada.getByRole('button', { name: 'Open again' }).click()
    await ada.getByText('This image has no shell').waitFor()
  })

  it('ends within two seconds when its user becomes a viewer, who is told why she may not', async () => {
    await api.invitations.create.mutate({ teamId, email: GRACE, role: 'developer' })
    const grace = await signIn(contexts.grace, GRACE)
    await grace.goto(await linkFor(GRACE))
    await grace.getByRole('button', { name: 'Accept' }).click()
    await grace.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor()
    const graces = await apiOf(contexts.grace)
    await grace.goto(`/deployments/${id}/terminal`)
    await open(grace)
    const { id: userId } = (await graces.auth.me.query()).user
    const ended = grace
      .getByText(/Your role does not allow this/)
      .waitFor({ timeout: 30_000 })
      .then(() => performance.now())
    const from = performance.now()
    await api.teams.members.changeRole.mutate({ teamId, userId, role: 'viewer' })
    expect((await ended) - from).toBeLessThan(2_000)
    await grace.reload()
    const button = grace.getByRole('button', { name: 'Open a terminal' })
    await button.waitFor()
    expect(await button.isDisabled()).toBe(true)
    await grace.getByText('Your role in this team does not allow it.').waitFor()
  })

  it('stands in the audit, by pod and never by what was typed', async () => {
    const orgId = (await api.auth.me.query()).orgs[0]?.id ?? fail()
    const { items } = await api.audit.list.query({ orgId, action: 'exec:open', limit: 100 })
    expect(items.length).toBeGreaterThanOrEqual(4)
    expect(items[0]).toMatchObject({ targetId: id, detail: { service: 'web', pod: `${name}-shell` } })
    expect(JSON.stringify(items)).not.toMatch(/6\*7|crim/)
  })
})

function fail(): never {
  throw new Error('Who has just signed in is in no organisation.')
}
