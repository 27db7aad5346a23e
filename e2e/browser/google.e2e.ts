/** Signing in by Google, in whose place a stand-in of the stack speaks its protocol. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'

import { pickTemplate, useBrowser } from '../fixtures/dashboard.ts'

const browser = useBrowser()

/** From the button to the page that asks who one is. */
async function toConsent(page: Page): Promise<void> {
  await page.getByRole('link', { name: /Google/ }).click()
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor()
}

async function consent(page: Page, email: string, name: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Continue' }).click()
}

it('brings one to the page that was wanted, under the name that Google says', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto('/templates')
  await toConsent(page)
  expect(new URL(page.url()).searchParams.get('code_challenge_method')).toBe('S256')
  await consent(page, 'grace-google@example.com', 'Grace H.')
  await page.getByRole('heading', { level: 1, name: 'Templates' }).waitFor()
  expect(new URL(page.url()).search).toBe('')
  await pickTemplate(page, 'Hello')
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByText('grace-google@example.com').waitFor()
})

it('knows one again, and lets nobody use the address that one came back by', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const back: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/oauth2/callback')) back.push(request.url())
  })
  await page.goto('/')
  await toConsent(page)
  await consent(page, 'grace-google@example.com', 'Grace Hopper')
  await page.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor()
  const thief = await (await browser.newContext()).newPage()
  await thief.goto(back[0] ?? '')
  await thief.getByRole('alert').waitFor()
  await thief.getByRole('link', { name: /Google/ }).waitFor()
  expect(new URL(thief.url()).pathname).toBe('/sign-in')
})
