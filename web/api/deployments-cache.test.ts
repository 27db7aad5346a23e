import { expect, it } from 'vitest'

import type { DeploymentChange, DeploymentSummary } from '../../src/modules/deployments/schema.ts'
import { applyChange, latestOfEach, type Pages } from './deployments-cache.ts'

/** A deployment that was made at this minute of the day. */
const deployment = (minute: number, more: Partial<DeploymentSummary> = {}): DeploymentSummary =>
  ({
    id: `dep_${minute}`,
    name: `name${minute}`,
    displayName: `App ${minute}`,
    phase: 'Ready',
    owner: { id: 'usr_a', name: 'A' },
    template: { id: 'tpl_a' },
    createdAt: `2026-03-10T12:${String(minute).padStart(2, '0')}:00.000Z`,
    ...more,
  }) as DeploymentSummary

const changed = (item: DeploymentSummary): DeploymentChange => ({
  kind: 'changed',
  id: item.id,
  deployment: item,
})
const removed = (minute: number): DeploymentChange => ({ kind: 'removed', id: deployment(minute).id })

/** Two pages of two, and more on the server. */
const pages: Pages = {
  pages: [
    { items: [deployment(50), deployment(40)], nextCursor: 'a' },
    { items: [deployment(30), deployment(20)], nextCursor: 'b' },
  ],
}
const listed = ({ pages: all }: Pages) => all.map(({ items }) => items.map(({ id }) => id))

it('replaces a row where it stands', () => {
  const next = applyChange(pages, {}, changed(deployment(30, { phase: 'Error' })))
  expect(listed(next)).toEqual(listed(pages))
  expect(next.pages[1]?.items[0]?.phase).toBe('Error')
})

it('puts a new row where its age belongs', () => {
  expect(listed(applyChange(pages, {}, changed(deployment(55))))).toEqual([
    ['dep_55', 'dep_50', 'dep_40'],
    ['dep_30', 'dep_20'],
  ])
  expect(listed(applyChange(pages, {}, changed(deployment(25))))).toEqual([
    ['dep_50', 'dep_40'],
    ['dep_30', 'dep_25', 'dep_20'],
  ])
})

it('leaves a row that is older than all loaded ones to its page', () => {
  expect(applyChange(pages, {}, changed(deployment(10)))).toBe(pages)
  const whole: Pages = { pages: [{ items: [deployment(50)], nextCursor: null }] }
  expect(listed(applyChange(whole, {}, changed(deployment(10))))).toEqual([['dep_50', 'dep_10']])
})

it('shows the first row of an empty list', () => {
  const empty: Pages = { pages: [{ items: [], nextCursor: null }] }
  expect(listed(applyChange(empty, {}, changed(deployment(10))))).toEqual([['dep_10']])
})

it('takes a row away when it is removed or fits the filter no more', () => {
  expect(listed(applyChange(pages, {}, removed(40)))).toEqual([['dep_50'], ['dep_30', 'dep_20']])
  const failed = changed(deployment(40, { phase: 'Error' }))
  expect(listed(applyChange(pages, { phases: ['Ready'] }, failed))).toEqual([
    ['dep_50'],
    ['dep_30', 'dep_20'],
  ])
  expect(applyChange(pages, {}, removed(10))).toBe(pages)
})

it('shows no row that does not fit the filter', () => {
  const item = deployment(55, { displayName: 'Shop', name: 'abcdefghij' as DeploymentSummary['name'] })
  const count = (filter: Parameters<typeof applyChange>[1]) =>
    listed(applyChange(pages, filter, changed(item))).flat().length
  expect(count({ search: 'SHO' })).toBe(5)
  expect(count({ search: 'abc' })).toBe(5)
  expect(count({ search: 'bcd' })).toBe(4)
  expect(count({ phases: ['Error'] })).toBe(4)
  expect(count({ ownerId: 'usr_b' })).toBe(4)
  expect(count({ templateId: 'tpl_b' })).toBe(4)
})

it('keeps the last change of each deployment', () => {
  const changes = [changed(deployment(1)), changed(deployment(2)), removed(1)]
  expect(latestOfEach(changes)).toEqual([removed(1), changed(deployment(2))])
})
