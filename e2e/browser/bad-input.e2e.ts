import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'

import { newId, type DeploymentId, type TeamId, type TemplateId } from '../../src/contract/ids.ts'
import type { Client } from '../../src/sdk/create-client.ts'
import { apiOf, openTab, pickTemplate, signIn, templateCalled, useBrowser } from '../fixtures/dashboard.ts'

/** What a refusal of the server says, of the whole and of each field. */
interface Refusal {
  data: { sentence: string; fields?: { path: string; sentence: string }[] }
}

const browser = useBrowser()
let context: BrowserContext
let page: Page
let api: Client['api']
let teamId: TeamId
let templateId: TemplateId

beforeAll(async () => {
  context = await browser.newContext()
  page = await signIn(context, 'bad-input@example.com')
  api = await apiOf(context)
  const template = await templateCalled(api, 'hello-stack')
  teamId = template.teamId
  templateId = template.id
})

async function sentencesOf(asked: Promise<unknown>): Promise<string[]> {
  const refusal = await asked.then(
    () => undefined,
    (error: unknown) => error as Refusal,
  )
  if (!refusal) throw new Error('It was not refused.')
  const { sentence, fields = [] } = refusal.data
  return [sentence, ...fields.map((field) => field.sentence)]
}

interface Case {
  label: string
  typed: string
  /** The same, as a program sends it. */
  input: object
}

const resources = {
  requests: { cpu: 'a lot', memory: '16Mi' },
  limits: { cpu: '200m', memory: '64Mi' },
}

const CASES: Case[] = [
  { label: 'Name', typed: '', input: { displayName: '' } },
  { label: 'GREETING', typed: 'x'.repeat(200_000), input: { env: { GREETING: 'x'.repeat(200_000) } } },
  { label: 'TOKEN', typed: '', input: { secrets: {} } },
  { label: 'Image', typed: 'Not An Image', input: { services: [{ name: 'web', image: 'Not An Image' }] } },
  { label: 'Replicas', typed: '51', input: { services: [{ name: 'web', replicas: 51 }] } },
  { label: 'CPU, reserved', typed: 'a lot', input: { services: [{ name: 'web', resources }] } },
  { label: 'Host names of your own', typed: 'not_a_host', input: { hosts: ['not_a_host'] } },
]

it('is refused at its field and at the server with the same sentence, and nothing is deployed', async () => {
  await pickTemplate(page, 'Hello stack')
  await page.getByText('Advanced').click()
  await page.getByLabel('TOKEN').fill('x')
  for (const { label, typed } of CASES) await page.getByLabel(label).first().fill(typed)
  await page.getByRole('button', { name: 'Deploy', exact: true }).click()
  for (const { label, input } of CASES) {
    const field = page.getByLabel(label).first()
    await expect.poll(async () => field.getAttribute('aria-invalid'), { message: label }).toBe('true')
    const notes = ((await field.getAttribute('aria-describedby')) ?? '').split(' ')
    const problem = notes.find((id) => id.endsWith('-error')) ?? ''
    const shown = (await page.locator(`[id="${problem}"]`).textContent()) ?? ''
    expect(shown, label).toMatch(/^[A-Z].*\.$/)
    const good = { displayName: 'Good', secrets: { TOKEN: 'x' } }
    const sent = { teamId, templateId, id: newId('dep'), ...good, ...input }
    expect(await sentencesOf(api.deployments.create.mutate(sent)), label).toContain(shown)
  }
  expect((await api.deployments.list.query({ teamId })).items).toEqual([])
})

it('brings the first field that is wrong into view, with the focus on it', async () => {
  const focused = page.locator(':focus')
  expect(await focused.getAttribute('aria-invalid')).toBe('true')
  expect(await focused.getAttribute('name')).toBe('displayName')
})

it('is refused among the variables of what runs, when a name is there twice', async () => {
  const id: DeploymentId = newId('dep')
  await api.deployments.create.mutate({
    teamId,
    templateId,
    id,
    displayName: 'Doubles',
    secrets: { TOKEN: 'x' },
  })
  await page.goto(`/deployments/${id}`)
  await openTab(page, 'Settings')
  const variables = page.getByRole('group', { name: 'Variables of web' })
  await variables.getByRole('button', { name: 'Add a variable' }).click()
  await variables.getByLabel('Name of the new variable').fill('GREETING')
  await page.getByRole('button', { name: 'Save variables' }).click()
  const env = [
    { name: 'GREETING', value: '' },
    { name: 'GREETING', value: '' },
  ]
  const said = await sentencesOf(api.deployments.updateEnv.mutate({ id, service: 'web', env }))
  const texts = await variables.locator('p').allTextContents()
  expect(texts.filter((text) => said.includes(text))).toHaveLength(1)
  expect((await api.deployments.get.query({ id })).revision).toBe(1)
})
