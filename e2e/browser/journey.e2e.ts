import { createHash, randomBytes } from 'node:crypto'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'

import { LABELS } from '../../src/contract/crd/meta.ts'
import { valueMissing } from '../../src/contract/required-answers.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { eventually, openCluster, throughTraefik } from '../fixtures/cluster.ts'
import {
  deploy,
  openTab,
  pickTemplate,
  rememberPhases,
  ROLLOUT_MS,
  signIn,
  untilPhase,
  useBrowser,
} from '../fixtures/dashboard.ts'
import { deploymentRow, namespaceOf, objectsIn, queryDatabase, versionsInVault } from '../fixtures/remains.ts'
import { requestLoop } from '../fixtures/request-loop.ts'
import { pausePart } from '../fixtures/stack-processes.ts'

interface Pod {
  metadata: { name: string; deletionTimestamp?: string; labels: Record<string, string> }
}

/** The main thing that Shipyard does, from the first click to nothing being left. Each step goes on from the one before. */
skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const cluster = openCluster()
  const browser = useBrowser()
  const secret = randomBytes(24).toString('base64url')
  const sha256 = createHash('sha256').update(secret).digest('hex')
  let context: BrowserContext
  let page: Page
  let id: string
  let url: string

  beforeAll(async () => {
    context = await browser.newContext()
    page = await signIn(context, 'journey@example.com')
  })
  afterAll(async () => cluster.close())

  const podsOf = async (name: string): Promise<Pod[]> => {
    const selector = encodeURIComponent(`${LABELS.deployment}=${name}`)
    return (await cluster.get<{ items: Pod[] }>(`/api/v1/pods?labelSelector=${selector}`)).items
  }
  const host = (): string => new URL(url).hostname
  const greeting = async (): Promise<string> => {
    const answer = await throughTraefik(host())
    if (answer.status !== 200) throw new Error(`Traefik answered ${answer.status}`)
    const shown = JSON.parse(answer.body) as { env: { GREETING: string }; called: { status?: number } }
    if (shown.called.status !== 200) throw new Error(`web did not reach api: ${answer.body}`)
    return shown.env.GREETING
  }
  /** No pod but one of each service, and none that is about to end. */
  const settled = async (name: string): Promise<string[]> =>
    eventually(ROLLOUT_MS, async () => {
      const pods = await podsOf(name)
      const isSettled = pods.length === 2 && pods.every(({ metadata }) => !metadata.deletionTimestamp)
      if (!isSettled) throw new Error(`There are ${pods.length} pods.`)
      return pods.map(({ metadata }) => metadata.name).toSorted()
    })

  it('says at the form that a required secret is missing, in the words of the server', async () => {
    await pickTemplate(page, 'Hello stack')
    await page.getByRole('button', { name: 'Deploy', exact: true }).click()
    await page.getByText(valueMissing('secret', 'TOKEN'), { exact: true }).waitFor()
    expect(new URL(page.url()).pathname).toMatch(/^\/templates\/tpl_[a-z2-7]+\/deploy$/)
  })

  it('shows what would be made, before anything is', async () => {
    await page.getByLabel('Name').first().fill('Journey')
    await page.getByLabel('TOKEN').fill(secret)
    await page.getByRole('button', { name: 'Preview the plan' }).click()
    const plan = page.getByRole('dialog')
    for (const kind of ['Deployment', 'Service', 'Ingress', 'ExternalSecret', 'NetworkPolicy']) {
      await plan.getByText(kind, { exact: true }).first().waitFor()
    }
    await plan.getByText(/It will answer at .+\.apps\.localhost:\d+\./).waitFor()
    expect(await plan.textContent()).not.toContain(secret)
    expect(await queryDatabase('SELECT id FROM deployments WHERE display_name = $1', ['Journey'])).toEqual([])
    await plan.getByRole('button', { name: 'Close' }).first().click()
    await plan.waitFor({ state: 'detached' })
  })

  it('goes from Pending over Provisioning to Ready before one’s eyes, without loading the page again', async () => {
    const phases = await rememberPhases(page)
    // Or Pending is over before the page has come.
    const goOn = await pausePart('shipyard-operator')
    try {
      id = await deploy(page)
      await untilPhase(page, 'Pending')
    } finally {
      goOn()
    }
    await untilPhase(page, 'Ready')
    expect(await phases()).toEqual(['Pending', 'Provisioning', 'Ready'])
  })

  it('answers at its address with the variable, the config file, its neighbour and the SHA-256 of the secret', async () => {
    const link = page.getByRole('link', { name: 'Open' })
    url = (await link.getAttribute('href')) ?? ''
    await eventually(15_000, greeting)
    const [app] = await Promise.all([context.waitForEvent('page'), link.click()])
    await app.waitForLoadState()
    const text = (await app.locator('body').textContent()) ?? ''
    expect(text).toContain('GREETING=Hello from two services')
    expect(text).toContain('This file came with the template.')
    expect(text).toContain(`SHA-256: ${sha256}`)
    expect(text).toContain('http://api:8080/ answered 200')
    expect(text).not.toContain(secret)
    await app.close()
  })

  it('shows the log lines of one very request, of both services', async () => {
    await openTab(page, 'Logs')
    const app = await context.newPage()
    const requestId = `journey-${randomBytes(8).toString('hex')}`
    await app.setExtraHTTPHeaders({ 'x-request-id': requestId })
    await app.goto(url)
    await app.close()
    await page.getByLabel('Search in the log').fill(requestId)
    const lines = page.getByRole('log').locator('div > div').filter({ hasText: requestId })
    await lines.nth(1).waitFor()
    const texts = await lines.allTextContents()
    expect(texts).toHaveLength(2)
    expect(texts.every((line) => line.includes('"path":"/"'))).toBe(true)
    for (const service of ['web', 'api']) {
      expect(texts.filter((line) => line.includes(`${service} `))).toHaveLength(1)
    }
  })

  it('rolls a changed variable out without a request that fails', async () => {
    const { name } = await deploymentRow(id)
    const before = await settled(name)
    const loop = requestLoop(20, greeting)
    await openTab(page, 'Settings')
    await page.getByLabel('Value of GREETING').first().fill('Changed before your eyes')
    await page.getByRole('button', { name: 'Save variables' }).click()
    await page.getByText('The variables are saved').waitFor()
    await eventually(ROLLOUT_MS, async () => {
      const now = await greeting()
      if (now !== 'Changed before your eyes') throw new Error(`It still says ${now}.`)
    })
    await openTab(page, 'Overview')
    await untilPhase(page, 'Ready')
    await page.getByText(/^revision 2$/).waitFor()
    await page.getByText('was ready last').waitFor({ state: 'hidden', timeout: ROLLOUT_MS })
    const after = await settled(name)
    const { requests, failures } = await loop.stop()
    expect(failures).toEqual([])
    expect(requests).toBeGreaterThan(50)
    expect(after.filter((pod) => before.includes(pod))).toHaveLength(1)
  })

  it('restarts: new pods, and Ready again', async () => {
    const { name } = await deploymentRow(id)
    const before = await settled(name)
    await page.getByRole('button', { name: 'Restart' }).click()
    await page.getByText('It is restarting').waitFor()
    await eventually(ROLLOUT_MS, async () => {
      const now = await settled(name)
      if (now.some((pod) => before.includes(pod))) throw new Error(`Old pods are there: ${now.join(', ')}`)
    })
    await untilPhase(page, 'Ready')
    expect(await greeting()).toBe('Changed before your eyes')
  })

  describe('deletion', () => {
    it('asks for the name, and takes the deployment out of the list before one’s eyes', async () => {
      await page.getByRole('button', { name: 'Delete' }).click()
      const dialog = page.getByRole('dialog')
      const confirm = dialog.getByRole('button', { name: 'Delete' })
      expect(await confirm.isDisabled()).toBe(true)
      await dialog.getByRole('textbox').fill('Journe')
      expect(await confirm.isDisabled()).toBe(true)
      await dialog.getByRole('textbox').fill('Journey')
      const row = await deploymentRow(id)
      const namespace = namespaceOf(row)
      expect((await objectsIn(cluster, namespace)).length).toBeGreaterThan(8)
      expect(await versionsInVault(row)).toBe(1)
      await confirm.click()
      await page.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor()
      await page.getByRole('link', { name: 'Journey' }).waitFor({ state: 'detached', timeout: ROLLOUT_MS })
      const left = (await objectsIn(cluster, namespace)).filter((object) =>
        JSON.stringify(object).includes(row.name),
      )
      expect(left.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([])
    })

    it('leaves no secret in OpenBao, no host name, and nothing that counts', async () => {
      const row = await deploymentRow(id)
      expect(row.removed_at).not.toBeNull()
      expect(await versionsInVault(row)).toBe(0)
      expect(await queryDatabase('SELECT * FROM host_names WHERE deployment_id = $1', [id])).toEqual([])
      expect(await queryDatabase('SELECT * FROM secret_meta WHERE deployment_id = $1', [id])).toEqual([])
      const [org] = await queryDatabase<{ deployments_used: number }>(
        'SELECT deployments_used FROM organizations WHERE id = $1',
        [row.org_id],
      )
      expect(org?.deployments_used).toBe(0)
    })
  })
})
