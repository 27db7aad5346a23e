/** What one is typing into stays, whatever is saved or answered beside it. */
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'

import { newId, type DeploymentId } from '../../src/contract/ids.ts'
import type { Client } from '../../src/sdk/create-client.ts'
import { apiOf, openTab, signIn, templateCalled, useBrowser } from '../fixtures/dashboard.ts'

const browser = useBrowser()
const id: DeploymentId = newId('dep')
let page: Page
let api: Client['api']

beforeAll(async () => {
  const context = await browser.newContext()
  page = await signIn(context, 'typed-stays@example.com')
  api = await apiOf(context)
  const { teamId, id: templateId } = await templateCalled(api, 'hello-stack')
  const secrets = { TOKEN: 'x' }
  await api.deployments.create.mutate({ teamId, templateId, id, displayName: 'Typed', secrets })
  await page.goto(`/deployments/${id}`)
})

it('saves one form after another of the same page', async () => {
  await openTab(page, 'Settings')
  const web = page.getByRole('group', { name: 'Settings of web' })
  await web.getByLabel('Value of GREETING').fill('Typed first')
  await web.getByLabel('Pods').fill('2')
  await web.getByRole('button', { name: 'Scale', exact: true }).click()
  await page.getByText('web is scaled to 2 pods').waitFor()
  await page.getByText('revision 2', { exact: true }).waitFor()
  await web.getByRole('button', { name: 'Save variables' }).click()
  await page.getByText('The variables are saved').waitFor()
  const { revision, specs } = await api.deployments.get.query({ id })
  const spec = specs.find(({ name }) => name === 'web')
  expect({ revision, replicas: spec?.replicas }).toEqual({ revision: 3, replicas: 2 })
  expect(spec?.env).toContainEqual({ name: 'GREETING', value: 'Typed first' })
})

it('does not replace an image that somebody else has deployed meanwhile', async () => {
  await page.getByText('revision 3', { exact: true }).waitFor()
  const web = page.getByRole('group', { name: 'Settings of web' })
  await web.getByLabel('Image').fill('ghcr.io/example/mine:1')
  const theirs = { id, service: 'web', image: 'ghcr.io/example/theirs:1' }
  await api.deployments.deployImage.mutate(theirs)
  await page.getByText('revision 4', { exact: true }).waitFor()
  await web.getByRole('button', { name: 'Change', exact: true }).click()
  await web.getByText('The image was not changed').waitFor()
  await web.getByRole('button', { name: 'Discard' }).click()
  expect(await web.getByLabel('Image').inputValue()).toContain('ghcr.io/example/theirs:1')
})

it('keeps the search while what found nothing is taken back', async () => {
  await page.goto('/')
  const search = page.getByLabel('Search by name')
  await search.fill('nothing is called so')
  await page.getByText('No deployment fits').waitFor()
  await search.fill('')
  // Faster than people type, and on while the answer to the whole list is on its way.
  await page.keyboard.type('Typ')
  await page.getByRole('row').filter({ hasText: 'Typed' }).waitFor()
  expect(await search.inputValue()).toBe('Typ')
})
