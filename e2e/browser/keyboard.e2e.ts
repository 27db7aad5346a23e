import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'

import { signIn, useBrowser } from '../fixtures/dashboard.ts'
import { focusedName, isFocusSeen } from '../fixtures/in-page.ts'

const browser = useBrowser()
let page: Page

beforeAll(async () => {
  page = await (await browser.newContext()).newPage()
})

const focused = async (): Promise<string> => page.evaluate(focusedName)

/** Goes on until something of this name has the focus. @returns what was passed, itself included */
async function tabTo(name: string | RegExp): Promise<string[]> {
  const passed: string[] = []
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    const at = await focused()
    passed.push(at)
    // Past the last element the page itself has it for a moment.
    if (at === '') continue
    expect(await page.evaluate(isFocusSeen), `${at} shows that it has the focus`).toBe(true)
    if (typeof name === 'string' ? at === name : name.test(at)) return passed
  }
  throw new Error(`${String(name)} was not reached: ${passed.join(' → ')}`)
}

it('takes one from signing in to a deployment and to its deletion, with the keyboard alone', async () => {
  await page.goto('/')
  await page.getByLabel('E-mail').waitFor()
  await tabTo('E-mail')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('keys@example.com')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Choose a template' }).waitFor()
  await tabTo('Choose a template')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Hello stack' }).waitFor()
  await tabTo('Hello stack')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Deploy Hello stack' }).waitFor()
  // In the order in which one reads, and the buttons after all that they are about.
  const passed = await tabTo('Deploy')
  expect(passed).toEqual([
    'Templates',
    'Name',
    expect.stringMatching(/^Everybody/),
    expect.stringMatching(/^GREETING/),
    'TOKEN',
    expect.stringMatching(/^Advanced/),
    'Deploy',
  ])
  await page.keyboard.press('Enter')
  // What is missing has the focus: one types at once.
  await expect.poll(focused).toBe('TOKEN')
  await page.keyboard.type('a secret')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Delete' }).waitFor()
  await tabTo('Delete')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  // The dialog keeps the focus, gives it back, and opens on what has to be typed.
  await expect.poll(focused).toBe('To confirm, type Hello stack')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(focused).toBe('Delete')
  await page.keyboard.press('Enter')
  await expect.poll(focused).toBe('To confirm, type Hello stack')
  await page.keyboard.type('Hello stack')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor()
})

it('knows short ways: c to the templates, / to the search, and past the bar to the content', async () => {
  const own = await signIn(await browser.newContext(), 'short-ways@example.com')
  page = own
  await page.keyboard.press('c')
  await page.getByRole('heading', { level: 1, name: 'Templates' }).waitFor()
  await page.keyboard.press('/')
  await expect.poll(focused).toBe('Search templates')
  await page.keyboard.type('redis')
  await page.getByRole('link', { name: 'Hello stack' }).waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Templates' }).waitFor()
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Skip to the content')
  await page.keyboard.press('Enter')
  await tabTo('Search templates')
})
