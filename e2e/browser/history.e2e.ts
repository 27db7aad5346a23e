import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'

import { LABELS } from '../../src/contract/crd/meta.ts'
import { type DeploymentId } from '../../src/contract/ids.ts'
import type { Client } from '../../src/sdk/create-client.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { eventually, openCluster, throughTraefik } from '../fixtures/cluster.ts'
import { deployAs, openTab, ROLLOUT_MS, untilPhase, useBrowser } from '../fixtures/dashboard.ts'
import { deploymentRow, destroyInVault } from '../fixtures/remains.ts'

const BEFORE = 'Hello from two services'
const AFTER = 'Said by revision 2'
const FILE = '/etc/hello/notice.txt'

interface Pod {
  metadata: { deletionTimestamp?: string }
  status: { conditions?: { type: string; status: string }[] }
}

/** What one does to a deployment that runs, and takes back. Each step goes on from the one before. */
skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const cluster = openCluster()
  const browser = useBrowser()
  let page: Page
  let api: Client['api']
  let id: DeploymentId
  let url: string

  beforeAll(async () => {
    const wish = { template: 'hello-stack', displayName: 'History', secrets: { TOKEN: 'of no matter' } }
    ;({ page, api, id } = await deployAs(await browser.newContext(), 'history@example.com', wish))
    await untilPhase(page, 'Ready')
    url = (await api.deployments.get.query({ id })).urls[0] ?? ''
  })
  afterAll(async () => cluster.close())

  /** What the app shows of itself, through Traefik. @throws when it does not answer */
  const shown = async (): Promise<{ env: { GREETING: string }; file: { content: string } }> => {
    const { status, body } = await throughTraefik(new URL(url).hostname)
    if (status !== 200) throw new Error(`Traefik answered ${status}`)
    return JSON.parse(body) as { env: { GREETING: string }; file: { content: string } }
  }
  const untilGreeting = async (wanted: string): Promise<void> =>
    eventually(ROLLOUT_MS, async () => {
      expect((await shown()).env.GREETING).toBe(wanted)
    })
  const podsOf = async (service?: string): Promise<Pod[]> => {
    const { name } = await deploymentRow(id)
    const parts = [`${LABELS.deployment}=${name}`, ...(service ? [`${LABELS.service}=${service}`] : [])]
    const selector = encodeURIComponent(parts.join(','))
    return (await cluster.get<{ items: Pod[] }>(`/api/v1/pods?labelSelector=${selector}`)).items
  }
  const isReady = ({ metadata, status }: Pod): boolean =>
    metadata.deletionTimestamp === undefined &&
    (status.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True')
  const settingsOf = (service: string) => page.getByRole('group', { name: `Settings of ${service}` })
  const revision = (number: number) =>
    page.getByRole('listitem').filter({ has: page.getByText(`Revision ${number}`, { exact: true }) })

  describe('History', () => {
    it('shows what a changed variable was, and which revision runs', async () => {
      await openTab(page, 'Settings')
      await page.getByLabel('Value of GREETING').first().fill(AFTER)
      await page.getByRole('button', { name: 'Save variables' }).click()
      await page.getByText('The variables are saved').waitFor()
      await untilGreeting(AFTER)
      await openTab(page, 'History')
      await revision(2).getByText('runs now').waitFor({ timeout: ROLLOUT_MS })
      await revision(1).getByRole('button', { name: 'Revision 1' }).click()
      const difference = revision(1).getByLabel('Revision 1 compared with now')
      await difference.getByText('Variable GREETING of web', { exact: true }).waitFor()
      expect(await difference.locator('dd').allTextContents()).toEqual([`Now${AFTER}`, `Revision 1${BEFORE}`])
    })

    it('goes back after it was asked about, and the old variable is served again', async () => {
      await revision(1).getByRole('button', { name: 'Go back to this revision' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('A new revision repeats it').waitFor()
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      expect((await api.deployments.get.query({ id })).revision).toBe(2)
      await revision(1).getByRole('button', { name: 'Go back to this revision' }).click()
      await dialog.getByRole('button', { name: 'Go back' }).click()
      await dialog.waitFor({ state: 'detached' })
      await untilGreeting(BEFORE)
      await revision(3).getByText('repeats revision 1').waitFor()
      await revision(3).getByText('runs now').waitFor({ timeout: ROLLOUT_MS })
      await revision(1).getByText('It is the same as now.').waitFor()
    })
  })

  it('stops after it was asked about: no pod, no answer, and no error', async () => {
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('its address answers nothing').waitFor()
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click()
    await untilPhase(page, 'Stopped')
    await eventually(ROLLOUT_MS, async () => expect(await podsOf()).toEqual([]))
    await expect(shown()).rejects.toThrow('Traefik answered')
    await openTab(page, 'Overview')
    await page.getByText('It is stopped', { exact: true }).waitFor()
    expect(await page.getByRole('link', { name: 'Open' }).count()).toBe(0)
    await page.getByText('Nothing answers there while it is stopped.').waitFor()
    expect(await page.getByRole('link', { name: new URL(url).hostname }).count()).toBe(0)
    await page.getByRole('link', { name: 'Deployments', exact: true }).last().click()
    await page.getByRole('row').filter({ hasText: 'History' }).getByText('Stopped', { exact: true }).waitFor()
  })

  it('starts again with everything that it had', async () => {
    await page.getByRole('link', { name: 'History', exact: true }).click()
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await untilPhase(page, 'Ready')
    await untilGreeting(BEFORE)
    expect(await api.deployments.get.query({ id })).toMatchObject({ suspended: false, revision: 3 })
  })

  it('does not go back to a revision whose secrets were destroyed, and says so', async () => {
    await api.secrets.set.mutate({ id, values: { TOKEN: 'another' } })
    await destroyInVault(await deploymentRow(id), 1)
    await openTab(page, 'History')
    await revision(1).getByRole('button', { name: 'Revision 1' }).click()
    await revision(1).getByRole('button', { name: 'Go back to this revision' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Go back' }).click()
    await dialog.getByText('The value of the secret TOKEN at that revision was destroyed.').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect((await api.deployments.get.query({ id })).revision).toBe(4)
  })

  it('scales a service to two pods, both ready', async () => {
    await openTab(page, 'Settings')
    const web = settingsOf('web')
    await web.getByLabel('Pods').fill('51')
    await web.getByRole('button', { name: 'Scale', exact: true }).click()
    await web.getByText('must be a whole number from 0 to 50').waitFor()
    await web.getByLabel('Pods').fill('2')
    await web.getByRole('button', { name: 'Preview the plan' }).click()
    const plan = page.getByRole('dialog')
    await plan.getByText('spec.replicas', { exact: true }).waitFor()
    await plan.getByRole('button', { name: 'Scale', exact: true }).click()
    await eventually(ROLLOUT_MS, async () => {
      const pods = await podsOf('web')
      expect(pods.map(isReady)).toEqual([true, true])
    })
    await openTab(page, 'Overview')
    await page.getByText('2 of 2').waitFor({ timeout: ROLLOUT_MS })
  })

  it('sets a header on every answer, by the form and through Traefik, and no pod hears of it', async () => {
    await openTab(page, 'Settings')
    const requests = page.getByRole('group', { name: 'Requests from outside' })
    await requests.getByRole('button', { name: 'Add a header' }).click()
    await requests.getByLabel('Name of the new header').fill('X Frame Options')
    await requests.getByLabel('Value of the new header').fill('DENY')
    await requests.getByRole('button', { name: 'Save requests' }).click()
    await requests.getByText('The name of a header has 1 to 64 letters').waitFor()
    await requests.getByLabel('Name of the new header').fill('X-Frame-Options')
    await requests.getByRole('button', { name: 'Preview the plan' }).click()
    await page.getByRole('dialog').getByText('Middleware').first().waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Save requests' }).click()
    await page.getByText('What happens to requests is saved').waitFor()
    await eventually(ROLLOUT_MS, async () => {
      const { status, headers } = await throughTraefik(new URL(url).hostname)
      expect({ status, header: headers['x-frame-options'] }).toEqual({ status: 200, header: 'DENY' })
    })
    await openTab(page, 'History')
    await revision(5).getByRole('button', { name: 'Revision 5' }).click()
    await revision(5).getByText('Header X-Frame-Options of every answer', { exact: true }).waitFor()
  })

  it('edits a config file and adds another, and the app reads what was written', async () => {
    await openTab(page, 'Settings')
    const web = settingsOf('web')
    await web.getByLabel(`Content of ${FILE}`).fill('Written before your eyes.\n')
    await web.getByRole('button', { name: 'Add a config file' }).click()
    await web.getByLabel('Path').last().fill('not/absolute')
    await web.getByRole('button', { name: 'Save config files' }).click()
    await web.locator('[aria-invalid="true"]').waitFor()
    await web.getByLabel('Path').last().fill('/etc/hello/second.txt')
    await web.getByRole('button', { name: 'Save config files' }).click()
    await page.getByText('The config files are saved').waitFor()
    await eventually(ROLLOUT_MS, async () => {
      expect((await shown()).file.content).toBe('Written before your eyes.\n')
    })
    const [spec] = (await api.deployments.get.query({ id })).specs.filter(({ name }) => name === 'web')
    expect(spec?.configFiles).toEqual([
      { path: FILE, content: 'Written before your eyes.\n', mode: 0o444 },
      { path: '/etc/hello/second.txt', content: '', mode: 0o444 },
    ])
  })
})
