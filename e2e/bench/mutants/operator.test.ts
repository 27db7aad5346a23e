import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { root } from '../../../deploy/dev/root.ts'
import { MUTANTS } from './operator.ts'
import { planted } from './run.ts'

it.each(MUTANTS)('can plant into the code of today: $breaks', (mutant) => {
  const source = readFileSync(join(root, mutant.file), 'utf8')
  expect(planted(mutant, source)).not.toBe(source)
  expect(mutant.tests.filter((file) => !existsSync(join(root, file)))).toEqual([])
})

it('refuses a text that stands there twice, or not at all', () => {
  const mutant = { file: 'x.ts', text: 'a', instead: 'b', breaks: 'x', tests: [] }
  expect(() => planted(mutant, 'aa')).toThrow('x.ts has 2 times, not once: a')
  expect(() => planted(mutant, 'c')).toThrow('x.ts has 0 times, not once: a')
})
