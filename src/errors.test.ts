import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { AppError, CATALOGUE, fail, isAppError, type ErrorCode } from './errors.ts'

const codes = Object.keys(CATALOGUE) as ErrorCode[]

/** Every parameter that any sentence takes. */
const params = {
  action: 'deployment:create',
  problem: 'Port must be a whole number from 1 to 65535.',
  ...{ what: 'deployment', name: 'TOKEN', host: 'shop.example.com', template: 'hello', image: 'nginx:1' },
  ...{
    used: 1,
    limit: 1,
    plan: 'free',
    larger: 'Business',
    limitKilobytes: 256,
    retryAfterSeconds: 1,
    registry: 'ghcr.io',
  },
  reason: '550 no such mailbox',
  interval: 'month',
  ...{ minutes: 30, hours: 12, service: 'web' },
  ...{ sold: 'USD', paid: 'EUR' },
  ...{ slug: 'acme', deployments: 'Shop and Blog', email: 'ada@example.com' },
}
const errorOf = (code: ErrorCode): AppError => new AppError(code, params, { because: 'a private reason' })

it.each(codes)('%s has a sentence that says what to do', (code) => {
  const { sentence } = errorOf(code)
  expect(sentence).toMatch(/^[A-Z].*\.$/)
  expect(sentence).not.toMatch(/undefined|\[object|NaN/)
})

it('is ordered by status', () => {
  const statuses = codes.map((code) => errorOf(code).status)
  expect([statuses[0], statuses.at(-1)]).toEqual([400, 503])
  expect(statuses).toEqual(statuses.toSorted((a, b) => a - b))
})

/** Rows of the table: code, status, sentence with its parameters. */
function documented(): { code: string; status: number; row: string }[] {
  const page = readFileSync(join(import.meta.dirname, '../docs/errors.md'), 'utf8')
  return [...page.matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) .*$/gm)].map(([row, code = '', status]) => ({
    code,
    status: Number(status),
    row,
  }))
}

it('is documented, code by code and in the same order, and nothing else is', () => {
  expect(documented().map(({ code }) => code)).toEqual(codes)
  expect(documented().map(({ status }) => status)).toEqual(codes.map((code) => errorOf(code).status))
})

it.each(codes)('%s is documented with its sentence', (code) => {
  const marks = Object.fromEntries(Object.keys(params).map((name) => [name, `{${name}}`]))
  const { sentence } = new AppError(code, marks as never)
  const row = documented().find((each) => each.code === code)?.row
  expect(row).toContain(`| ${sentence} |`.replace(/ \|$/, ''))
})

it('counts in words', () => {
  const limit = (n: number) =>
    new AppError('TIER_LIMIT_REACHED', {
      ...{ what: 'deployment', used: n, limit: n, plan: 'Free', larger: 'Business' },
    }).sentence
  expect(limit(1)).toContain('allows 1 deployment, and your organisation has 1.')
  expect(limit(10)).toContain('allows 10 deployments, and your organisation has 10.')
})

it('hides the private reason from whoever asks for JSON', () => {
  const error = new AppError(
    'NOT_FOUND',
    { what: 'deployment' },
    { because: 'of another team', cause: new Error('row 7') },
  )
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: 'NOT_FOUND',
    status: 404,
    sentence: 'There is no such deployment, or you may not see it.',
    params: { what: 'deployment' },
  })
  expect(error.message).toBe('NOT_FOUND: of another team')
  expect(error.cause).toBeInstanceOf(Error)
})

it('is thrown by fail', () => {
  expect(() => fail('HOST_TAKEN', { host: 'a.example.com' })).toThrow(AppError)
})

it('is told from other errors, and by its codes', () => {
  const error = new AppError('FORBIDDEN', {})
  expect(isAppError(error)).toBe(true)
  expect(isAppError(error, 'NOT_FOUND', 'FORBIDDEN')).toBe(true)
  expect(isAppError(error, 'NOT_FOUND')).toBe(false)
  expect(isAppError(new Error('x'))).toBe(false)
})
