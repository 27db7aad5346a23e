import { existsSync, globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Benchmark } from './definition.ts'

const ENDING = '.bench.ts'

/** The names of all benchmarks of a folder, sorted. */
export const benchmarkNames = (folder: string): string[] =>
  globSync(`*${ENDING}`, { cwd: folder })
    .map((file) => basename(file, ENDING))
    .toSorted()

/**
 * Loads one benchmark.
 *
 * @throws a sentence for people when there is none of this name, or its file does not define it
 */
export async function loadBenchmark(folder: string, name: string): Promise<Benchmark> {
  const path = join(folder, `${name}${ENDING}`)
  if (!/^[\w-]+$/.test(name) || !existsSync(path)) {
    throw new Error(`There is no benchmark "${name}"; there are: ${benchmarkNames(folder).join(', ')}.`)
  }
  const { benchmark } = (await import(pathToFileURL(path).href)) as { benchmark?: Benchmark }
  if (benchmark?.name !== name) throw new Error(`${path} must export \`benchmark\`, with the name "${name}".`)
  return benchmark
}
