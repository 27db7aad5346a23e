import { describe, expect, it } from 'vitest'

import type { SecretKey } from '../../contract/names.ts'
import { originIn, planVersion, type KnownVersion } from './secret-origins.ts'

const known = (version: number, origins: Record<string, number> = {}): KnownVersion => ({ version, origins })
const keys = (...names: string[]) => names as SecretKey[]
const A = { A: 'new' }

describe('what becomes of a change', () => {
  it.each([
    {
      title: 'is a merge onto the version that runs',
      present: keys('A', 'B'),
      pinned: known(3, { A: 3, B: 1 }),
      newest: known(3, { A: 3, B: 1 }),
      plan: { act: 'merge', changes: A, kept: { B: 1 } },
    },
    {
      title: 'is a merge onto a newer one in which the kept keys are the same',
      present: keys('A', 'B'),
      pinned: known(1, { A: 1, B: 1 }),
      newest: known(2, { A: 2, B: 1 }),
      plan: { act: 'merge', changes: A, kept: { B: 1 } },
    },
    {
      title: 'is without what only the newer one has, unless that is what is set',
      present: keys('B'),
      pinned: known(1, { B: 1 }),
      newest: known(3, { A: 2, B: 1, C: 3 }),
      plan: { act: 'merge', changes: { C: null, ...A }, kept: { B: 1 } },
    },
    {
      title: 'is refused for exactly the kept keys that were written since',
      present: keys('A', 'B', 'C', 'D'),
      pinned: known(1, { A: 1, B: 1, C: 1, D: 1 }),
      newest: known(4, { A: 2, B: 1, C: 3, D: 4 }),
      plan: { act: 'refuse', differing: ['C', 'D'] },
    },
    {
      title: 'is refused for a kept key that is no longer in the newer one',
      present: keys('A', 'B'),
      pinned: known(1, { A: 1, B: 1 }),
      newest: known(2, { A: 1 }),
      plan: { act: 'refuse', differing: ['B'] },
    },
    {
      title: 'keeps, of the version that runs, keys of which nothing was recorded',
      present: keys('A', 'B'),
      pinned: known(5),
      newest: known(5),
      plan: { act: 'merge', changes: A, kept: { B: 5 } },
    },
    {
      title: 'is refused where nothing was recorded and another version runs',
      present: keys('A', 'B'),
      pinned: known(1),
      newest: known(2),
      plan: { act: 'refuse', differing: ['B'] },
    },
    {
      title: 'is right over a version of which nothing was recorded, once a later one kept its keys',
      present: keys('B'),
      pinned: known(1),
      newest: known(2, { A: 2, B: 1 }),
      plan: { act: 'merge', changes: A, kept: { B: 1 } },
    },
    {
      title: 'is in doubt when nothing is known of the newest version',
      present: keys('B'),
      pinned: known(1, { B: 1 }),
      newest: undefined,
      plan: { act: 'doubt' },
    },
    {
      title: 'is a whole version when it keeps nothing, whatever is there',
      present: keys('A'),
      pinned: known(1, { A: 1 }),
      newest: undefined,
      plan: { act: 'write', changes: A, kept: {} },
    },
  ])('$title', ({ present, pinned, newest, plan }) => {
    expect(planVersion({ changes: A, present, pinned, newest })).toEqual(plan)
  })

  it('takes a key named like a part of every object for what it is', () => {
    expect(originIn(known(4, {}), 'constructor')).toBe(4)
    expect(originIn(known(4, { constructor: 2 }), 'constructor')).toBe(2)
  })
})
