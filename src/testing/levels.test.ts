import { expect, it } from 'vitest'

import { atLevel, skipUnless } from './levels.ts'

const defined: string[] = []

atLevel(1, () => defined.push('first level'))
atLevel(99, () => defined.push('a level that no run reaches'))
skipUnless(true, 'never said', () => defined.push('possible here'))

it('defines what this run reaches and this machine can do', () => {
  expect(defined).toEqual(['first level', 'possible here'])
})
