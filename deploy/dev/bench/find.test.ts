import { expect, it } from 'vitest'

import { tempTree } from '../testing/temp-tree.ts'
import { benchmarkNames, loadBenchmark } from './find.ts'

const definition = (name: string): string =>
  `export const benchmark = { name: '${name}', about: 'how ${name} does', run: async () => [] }`

it('finds benchmarks by listing the folder, sorted', () => {
  const folder = tempTree({ 'b.bench.ts': '', 'a.bench.ts': '', 'helper.ts': '', 'below/c.bench.ts': '' })
  expect(benchmarkNames(folder)).toEqual(['a', 'b'])
})

it('loads one by its name', async () => {
  const folder = tempTree({ 'a.bench.ts': definition('a') })
  expect(await loadBenchmark(folder, 'a')).toMatchObject({ name: 'a', about: 'how a does' })
})

it.each(['c', '../a', ''])('names what there is when asked for "%s"', async (name) => {
  const folder = tempTree({ 'a.bench.ts': definition('a'), 'b.bench.ts': definition('b') })
  await expect(loadBenchmark(folder, name)).rejects.toThrow(
    `There is no benchmark "${name}"; there are: a, b.`,
  )
})

it('says so when a file does not define the benchmark of its name', async () => {
  const folder = tempTree({ 'a.bench.ts': definition('other'), 'b.bench.ts': 'export {}' })
  await expect(loadBenchmark(folder, 'a')).rejects.toThrow('must export `benchmark`, with the name "a"')
  await expect(loadBenchmark(folder, 'b')).rejects.toThrow('must export `benchmark`, with the name "b"')
})
