/** What a person sees of an app that does not run: the word, the last lines of its log, and the end of it. */
import type { Page } from 'playwright-core'
import { beforeAll, expect, inject, it } from 'vitest'

import { type DeploymentId } from '../../src/contract/ids.ts'
import type { Client } from '../../src/sdk/create-client.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { deployAs, ROLLOUT_MS, untilPhase, useBrowser } from '../fixtures/dashboard.ts'
import { eventually } from '../fixtures/cluster.ts'

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const browser = useBrowser()
  let page: Page
  let api: Client['api']
  let id: DeploymentId

  beforeAll(async () => {
    const services = [{ name: 'web', env: [{ name: 'CALL_URL', value: 'nowhere' }] }]
    const wish = { template: 'hello', displayName: 'Trouble', services }
    ;({ page, api, id } = await deployAs(await browser.newContext(), 'trouble@example.com', wish))
  })

  const lastLines = () => page.getByLabel('the last lines of web', { exact: true })

  it('shows what the program said before it ended, beside the sentence that says that it did', async () => {
    await page
      .getByText(/^Service web ended with exit code 1 right after its start/)
      .first()
      .waitFor({ timeout: ROLLOUT_MS })
    await lastLines().waitFor({ timeout: ROLLOUT_MS })
    expect(await lastLines().innerText()).toBe('hello: CALL_URL must be an address such as http://api:8080/')
  })

  it('shows it no more when it is mended', async () => {
    const [web] = (await api.deployments.get.query({ id })).specs
    const env = (web?.env ?? []).filter(({ name }) => name !== 'CALL_URL')
    await api.deployments.updateEnv.mutate({ id, service: 'web', env })
    await untilPhase(page, 'Ready')
    await lastLines().waitFor({ state: 'detached' })
    expect(await page.getByText(/right after its start/).count()).toBe(0)
  })

  it('can be told to take back updates that fail', async () => {
    await page.goto(`/deployments/${id}/settings`)
    const box = page.getByRole('checkbox', { name: 'Take back updates that fail' })
    await box.check()
    await eventually(20_000, async () => {
      expect(await api.deployments.get.query({ id })).toMatchObject({ rollbackOnFailure: true, revision: 3 })
    })
    await page.reload()
    await eventually(20_000, async () => expect(await box.isChecked()).toBe(true))
  })
})
