import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { TeamId } from '../../src/contract/ids.ts'
import type { DeploymentChange, DeploymentSummary } from '../../src/modules/deployments/schema.ts'
import type { Pages } from './deployments-cache.ts'
import { LiveCache } from './live-cache.ts'

const TEAM = 'team_a' as TeamId
const listKey = (input: object) => [['deployments', 'list'], { input, type: 'infinite' }]
const viewKey = [['deployments', 'get'], { input: { id: 'dep_a' }, type: 'query' }]

const deployment = (phase: DeploymentSummary['phase']) =>
  ({
    id: 'dep_a',
    displayName: 'A',
    name: 'aaaaaaaaaa',
    phase,
    createdAt: '2026-03-10T12:00:00.000Z',
  }) as DeploymentSummary
const changed = (phase: DeploymentSummary['phase']): DeploymentChange => ({
  kind: 'changed',
  id: deployment(phase).id,
  deployment: deployment(phase),
})
const pagesOf = (...items: DeploymentSummary[]): Pages => ({ pages: [{ items, nextCursor: null }] })

let client: QueryClient
let cache: LiveCache

beforeEach(() => {
  client = new QueryClient()
  // Queries of others, with keys of other shapes.
  client.setQueryData(['readiness'], {})
  client.setQueryData(['something', 7, null], {})
  cache = new LiveCache(client, TEAM)
})

afterEach(() => {
  cache.close()
  client.clear()
})

const phasesIn = (input: object) =>
  client.getQueryData<Pages>(listKey(input))?.pages.flatMap(({ items }) => items.map(({ phase }) => phase))

it('writes a change into every list of the team, by its own filter, and into no other', () => {
  const [all, pending, other] = [
    { teamId: TEAM },
    { teamId: TEAM, phases: ['Pending'] },
    { teamId: 'team_b' },
  ]
  for (const input of [all, pending, other])
    client.setQueryData(listKey(input), pagesOf(deployment('Pending')))
  cache.write([changed('Ready')])
  expect([phasesIn(all), phasesIn(pending), phasesIn(other)]).toEqual([['Ready'], [], ['Pending']])
})

it('shows a change on the page of its deployment at once, and has the rest asked for', () => {
  client.setQueryData(viewKey, { ...deployment('Pending'), specs: ['kept'] })
  cache.write([changed('Ready')])
  expect(client.getQueryData(viewKey)).toMatchObject({ phase: 'Ready', specs: ['kept'] })
  expect(client.getQueryState(viewKey)?.isInvalidated).toBe(true)
})

it('leaves the number of a revision beside what it wants until both have come', () => {
  client.setQueryData(viewKey, { ...deployment('Ready'), revision: 1, specs: ['of revision 1'] })
  const row = { ...deployment('Provisioning'), revision: 2 }
  cache.write([{ kind: 'changed', id: row.id, deployment: row }])
  const expected = { phase: 'Provisioning', revision: 1, specs: ['of revision 1'] }
  expect(client.getQueryData(viewKey)).toMatchObject(expected)
  expect(client.getQueryState(viewKey)?.isInvalidated).toBe(true)
})

it('has what happened to a changed deployment and what it was asked for again', () => {
  const keys = [['activity'], ['revisions', 'list']].map((path) => [
    ['deployments', ...path],
    { input: { id: 'dep_a', limit: 20 }, type: 'infinite' },
  ])
  for (const key of keys) client.setQueryData(key, {})
  client.setQueryData(viewKey, deployment('Pending'))
  cache.write([changed('Ready')])
  expect(keys.map((key) => client.getQueryState(key)?.isInvalidated)).toEqual([true, true])
})

it('asks for nothing when the stream tells what is known', () => {
  client.setQueryData(viewKey, { ...deployment('Ready'), specs: ['kept'] })
  cache.write([changed('Ready')])
  expect(client.getQueryState(viewKey)?.isInvalidated).toBe(false)
})

it('does not let an answer that was on its way undo a change', async () => {
  const input = { teamId: TEAM }
  let answer: (pages: Pages) => void = () => undefined
  const asked = client.query({
    queryKey: listKey(input),
    queryFn: async () => new Promise<Pages>((resolve) => (answer = resolve)),
  })
  cache.write([changed('Ready')])
  answer(pagesOf(deployment('Pending')))
  await asked
  await vi.waitFor(() => expect(phasesIn(input)).toEqual(['Ready']))
})
