import fc from 'fast-check'
import { expect, expectTypeOf, it } from 'vitest'

import {
  DeploymentId,
  ID_PREFIXES,
  idBody,
  idPattern,
  newId,
  TeamId,
  UserId,
  type IdPrefix,
  type OrgId,
} from './ids.ts'

const prefixes = Object.keys(ID_PREFIXES) as IdPrefix[]

it.each(prefixes)('makes ids %s_… of its own grammar', (prefix) => {
  const id = newId(prefix)
  expect(id).toMatch(new RegExp(idPattern(prefix)))
  expect(id).toHaveLength(prefix.length + 1 + 25)
  expect(`${prefix}_${idBody(id)}`).toBe(id)
})

it('makes no id twice, and uses all characters evenly', () => {
  const ids = Array.from({ length: 10_000 }, () => newId('dep'))
  expect(new Set(ids).size).toBe(ids.length)
  const counts = new Map<string, number>()
  for (const character of ids.map(idBody).join('')) counts.set(character, (counts.get(character) ?? 0) + 1)
  expect([...counts.keys()].toSorted().join('')).toBe('234567abcdefghijklmnopqrstuvwxyz')
  // 250,000 characters: each 7,812 times, six standard deviations to either side.
  for (const count of counts.values()) expect(Math.abs(count - 7812)).toBeLessThan(6 * 87)
})

it('tells ids of different kinds apart, for the compiler and when read', () => {
  expectTypeOf(newId('usr')).toEqualTypeOf<UserId>()
  expectTypeOf<UserId>().not.toExtend<OrgId>()
  expect(TeamId.safeParse(newId('usr')).success).toBe(false)
  expect(UserId.parse(newId('usr'))).toMatch(/^usr_/)
})

it('refuses whatever is not exactly an id', () => {
  const near = fc.constantFrom(
    '',
    'dep_',
    `dep_${'a'.repeat(24)}`,
    `dep_${'a'.repeat(26)}`,
    `dep_${'A'.repeat(25)}`,
  )
  const odd = fc.constantFrom(
    `dep_${'a'.repeat(25)}\n`,
    ` dep_${'a'.repeat(25)}`,
    `dep_${'1'.repeat(25)}`,
    `dep-${'a'.repeat(25)}`,
  )
  fc.assert(
    fc.property(fc.oneof(near, odd, fc.string(), fc.anything()), (value) => {
      expect(DeploymentId.safeParse(value).success).toBe(false)
    }),
  )
})

it('says in one sentence what an id looks like', () => {
  const says = 'The id of a deployment is dep_ and 25 characters from a to z and 2 to 7.'
  for (const value of [undefined, 7, '', 'dep_x', 'x'.repeat(1000)]) {
    expect(DeploymentId.safeParse(value).error?.issues.map(({ message }) => message)).toEqual([says])
  }
})
