import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { findStale, writeAll, type Generator } from './gen.ts'
import { tempTree } from './testing/temp-tree.ts'

const generators: Generator[] = [
  () => ({ 'a/one.txt': '1\n', 'two.txt': '2\n' }),
  async () => ({ 'three.txt': '3\n' }),
]

it('finds what is missing and what is out of date', async () => {
  const folder = tempTree({ 'a/one.txt': '1\n', 'two.txt': 'old\n' })
  expect(await findStale({ folder, generators })).toEqual([
    'two.txt is out of date: run `npm run gen`, then look at the difference.',
    'three.txt is missing: run `npm run gen`, then look at the difference.',
  ])
})

it('writes every file, after which nothing is stale', async () => {
  const folder = tempTree({ 'two.txt': 'old\n' })
  expect(await writeAll({ folder, generators })).toEqual(['a/one.txt', 'two.txt', 'three.txt'])
  expect(readFileSync(join(folder, 'a/one.txt'), 'utf8')).toBe('1\n')
  expect(await findStale({ folder, generators })).toEqual([])
})

it('does not take a file that cannot be read for a missing one', async () => {
  const folder = tempTree({ 'two.txt/below': '' })
  await expect(findStale({ folder, generators })).rejects.toThrow('EISDIR')
})
