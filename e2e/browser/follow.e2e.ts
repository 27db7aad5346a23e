import type { Page } from 'playwright-core'
import { beforeAll, expect, inject, it } from 'vitest'

import { pushImage } from '../../deploy/local/images/push.ts'
import { newId, type DeploymentId } from '../../src/contract/ids.ts'
import type { Client } from '../../src/sdk/create-client.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { stackEnv } from '../fixtures/cluster.ts'
import { deployAs, openTab, ROLLOUT_MS, untilPhase, useBrowser } from '../fixtures/dashboard.ts'
import { helloImage } from '../fixtures/hello-image.ts'

/** A tag that is followed makes the next revision by itself. Each step goes on from the one before. */
skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const browser = useBrowser()
  const [host = '', registry = ''] = stackEnv('SHIPYARD_REGISTRY').split('=')
  const repository = `follow/${newId('req').slice(4)}`
  const image = `${host}/${repository}:main`
  let page: Page
  let api: Client['api']
  let id: DeploymentId

  /** From now on the tag means this. @returns its digest */
  const push = async (mark: string): Promise<string> => {
    const built = await helloImage({ name: repository, tag: 'main', mark })
    return (await pushImage(built, { url: registry })).digest
  }
  const web = () => page.getByRole('group', { name: 'Settings of web' })
  const follow = () => web().getByRole('switch', { name: 'Follow the tag' })

  beforeAll(async () => {
    await push('one')
    const wish = { template: 'hello', displayName: 'Follower', services: [{ name: 'web', image }] }
    ;({ page, api, id } = await deployAs(await browser.newContext(), 'follow@example.com', wish))
    await untilPhase(page, 'Ready')
  })

  it('is switched on in the settings, which say what is followed and when it was asked', async () => {
    await openTab(page, 'Settings')
    expect(await follow().getAttribute('aria-checked')).toBe('false')
    await follow().click()
    await page.getByText('web follows its tag').waitFor()
    await web().getByText(`It runs what ${image} means`).waitFor()
    await web()
      .getByText(/The registry was asked .*\./)
      .waitFor()
    expect(await follow().getAttribute('aria-checked')).toBe('true')
  })

  it('makes a revision when another image is pushed under the tag, and rolls it out', async () => {
    const digest = await push('two')
    await openTab(page, 'History')
    const newest = page.getByRole('listitem').filter({ has: page.getByText('Revision 2', { exact: true }) })
    await newest.getByText('runs now').waitFor({ timeout: ROLLOUT_MS })
    await newest.getByText('image watcher').waitFor()
    await newest.getByText(`${image} has moved`).waitFor()
    await untilPhase(page, 'Ready')
    const { specs, revision } = await api.deployments.get.query({ id })
    expect({ revision, image: specs[0]?.image }).toEqual({ revision: 2, image: `${image}@${digest}` })
    await openTab(page, 'Activity')
    await page.getByText(`brought web to what ${image} means now`).waitFor()
  })

  it('is switched off again', async () => {
    await openTab(page, 'Settings')
    await follow().click()
    await page.getByText('web keeps the image that it has').waitFor()
    expect(await api.follows.list.query({ id })).toEqual([])
  })
})
