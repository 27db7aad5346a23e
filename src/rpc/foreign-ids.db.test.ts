/**
 * For each procedure, each id in a good input exchanged for the same thing of another organisation, alone and mixed
 * with one's own: it is not there, and nothing is changed. The asker is an owner, whom no role stops.
 */
import { beforeAll, expect, it } from 'vitest'

import { newId, type IdPrefix } from '../contract/ids.ts'
import { POLICY } from '../contract/policy.ts'
import { aTenant, type Tenant } from '../testing/builders.ts'
import { databaseState } from '../testing/database-state.ts'
import type { Place } from '../testing/place.ts'
import { aPlace, callByPath, inputOf, NEW_IDS } from '../testing/procedure-inputs.ts'
import { declaredProcedures } from '../testing/procedures.ts'
import { useWorld } from '../testing/world.ts'
import { publicErrorOf } from './error-format.ts'

const world = useWorld({ isBillingEnabled: true })
let tenant: Tenant
let own: Place
let foreign: Place

beforeAll(async () => {
  tenant = await aTenant(world.db)
  own = await aPlace(world, tenant)
  foreign = await aPlace(world, await aTenant(world.db, { name: 'Eve' }))
})

const ID = /^[a-z]+_[a-z2-7]{25}$/
type At = readonly (string | number)[]

/** Where ids stand in an input. */
function idsIn(value: unknown, at: At = []): At[] {
  if (typeof value === 'string') return ID.test(value) ? [at] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => idsIn(inner, [...at, key]))
}

const valueAt = (input: unknown, at: At): unknown =>
  at.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], input)

function withValue(input: unknown, [key, ...rest]: At, value: unknown): unknown {
  if (key === undefined) return value
  const copy = (Array.isArray(input) ? [...input] : { ...(input as object) }) as Record<string, unknown>
  copy[key] = withValue(copy[key], rest, value)
  return copy
}

/** All choices of at least one of them. */
const subsets = <T>(items: readonly T[]): T[][] =>
  items.reduce<T[][]>((all, item) => [...all, ...all.map((chosen) => [...chosen, item])], [[]]).slice(1)

/** What only narrows a list of one's own things: to those of somebody who is not there, so to none. */
const FILTERS: readonly string[] = ['deployments.list ownerId', 'audit.list actorId', 'audit.list targetId']

/** The installation is nobody's, so nothing in it is foreign to who runs it. */
const isOfTenants = (can: (typeof declaredProcedures)[number][1]['meta']['can']): boolean =>
  can !== 'anyone' && POLICY[can].scope !== 'platform'

/** What comes back, with the ids of the question out of it. */
async function answerTo(path: string, input: unknown, ids: unknown[]): Promise<string> {
  const api = await world.as(tenant.userId)
  const answer = await callByPath(api, path, input).then(
    (given) => `answered ${JSON.stringify(given)}`,
    (error: unknown) => JSON.stringify(publicErrorOf(error, { requestId: '' })),
  )
  return ids.reduce<string>((text, id) => text.replaceAll(String(id), 'ID'), answer)
}

/** An id of the same kind that nothing has. */
const absentLike = (id: unknown): string => newId(String(id).split('_', 1)[0] as IdPrefix)

const candidates = declaredProcedures.filter(([, { meta }]) => isOfTenants(meta.can))
let mixtures = 0

it.each(candidates)('%s', async (path) => {
  // Each input may make something, and so be one's own before the state is looked at.
  const input = await inputOf(path, own)
  const theirs = await inputOf(path, foreign)
  const places = idsIn(input).filter(
    (at) => !NEW_IDS.includes(`${path} ${at.join('.')}`) && valueAt(input, at) !== valueAt(theirs, at),
  )
  const before = await databaseState(world.db)
  for (const chosen of subsets(places)) {
    const names = chosen.map((at) => at.join('.')).join(' and ')
    const asking = async (idAt: (at: At) => unknown): Promise<string> => {
      const mixed = chosen.reduce<unknown>((asked, at) => withValue(asked, at, idAt(at)), input)
      return `${names}: ${await answerTo(
        path,
        mixed,
        chosen.map((at) => valueAt(mixed, at)),
      )}`
    }
    const answer = await asking((at) => valueAt(theirs, at))
    const isFilter = chosen.every((at) => FILTERS.includes(`${path} ${at.join('.')}`))
    expect(answer).toContain(isFilter ? 'answered {"items":[],"nextCursor":null}' : '"status":404')
    expect(answer).toBe(await asking((at) => absentLike(valueAt(theirs, at))))
    mixtures += 1
  }
  expect(await databaseState(world.db)).toEqual(before)
})

it('has tried what is there to try', () => {
  expect(mixtures).toBeGreaterThan(50)
})
