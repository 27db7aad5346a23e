import { expect, it } from 'vitest'

import { changeText, dayFilter, exportAddress, summaryOf } from './audit-words.ts'

it('takes a day from its beginning to its end', () => {
  const { from = '' } = dayFilter('from', '2026-01-31')
  const { to = '' } = dayFilter('to', '2026-01-31')
  expect(Date.parse(to) - Date.parse(from)).toBe(24 * 3_600_000)
  expect(dayFilter('from', 'soon')).toEqual({})
  expect(dayFilter('from', undefined)).toEqual({})
})

it('writes values for people', () => {
  expect([null, '', 'a', 2, { a: 1 }].map(changeText)).toEqual([
    'nothing',
    'an empty text',
    'a',
    '2',
    '{\n  "a": 1\n}',
  ])
})

it('names the first field and counts the others', () => {
  const change = { from: 1, to: 2 }
  expect(summaryOf({ changes: {} })).toBe('')
  expect(summaryOf({ changes: { replicas: change } })).toBe('replicas')
  expect(summaryOf({ changes: { replicas: change, image: change, env: change } })).toBe('replicas and 2 more')
})

it('exports what is filtered', () => {
  expect(exportAddress('org_a', 'csv', {})).toBe('/api/orgs/org_a/audit.csv')
  expect(exportAddress('org_a', 'jsonl', { action: 'deployment:create' })).toBe(
    '/api/orgs/org_a/audit.jsonl?action=deployment%3Acreate',
  )
})
