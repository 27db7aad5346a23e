import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { metric, type BenchContext, type Benchmark, type Metric } from '../../deploy/dev/bench/definition.ts'
import { authorizationMutants } from './mutants/authorization.ts'
import { MUTANTS, type Mutant } from './mutants/operator.ts'
import { copyRepository, isCaught, runTests } from './mutants/run.ts'

/** So many of the operator's may go unnoticed. */
const FORGIVEN = 2
/** Of the rights, so much of a hundred has to be noticed. */
const NOTICED = 98
/** In the small size every so many. */
const SAMPLE = { operator: 6, rights: 40 }
/** Copies that are worked in at the same time. */
const COPIES = 2

/** Tests are worth what they notice: of the operator's known mistakes, and of every right that could be lost. */
export const benchmark: Benchmark = {
  name: 'mutants',
  about:
    'how many planted mistakes the tests notice: those that operators are known for, and every right lost',
  async run(context) {
    const chosen = <T>(all: readonly T[], every: number): T[] =>
      all.filter((_, at) => context.full || at % every === 0)
    const started = performance.now()
    const folders = Array.from({ length: COPIES }, () => mkdtempSync(join(tmpdir(), 'shipyard-mutants-')))
    try {
      folders.forEach(copyRepository)
      const operator = await plant(chosen(MUTANTS, SAMPLE.operator), folders, context)
      const rights = await plant(chosen(authorizationMutants(), SAMPLE.rights), folders, context)
      return [
        ...ofOperator(operator, context.full),
        ...ofRights(rights),
        metric({ key: 'wall', value: (performance.now() - started) / 1000, unit: 's' }),
      ]
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    }
  },
}

interface Planted {
  readonly count: number
  readonly survivors: readonly string[]
}

async function plant(
  mutants: readonly Mutant[],
  folders: readonly string[],
  { signal, say }: BenchContext,
): Promise<Planted> {
  const all = [...new Set(mutants.flatMap(({ tests }) => tests))]
  const { code, output } = await runTests(folders[0] ?? '', all, signal)
  if (code !== 0) throw new Error(`Without any mutant the tests fail already. They said:\n${output}`)
  const survivors: string[] = []
  let next = 0
  const work = async (folder: string): Promise<void> => {
    for (let mutant = mutants[next++]; mutant; mutant = mutants[next++]) {
      signal.throwIfAborted()
      const caught = await isCaught(folder, mutant, signal)
      say(`${caught ? 'noticed' : 'NOT NOTICED'}: ${mutant.file} ${mutant.breaks}`)
      if (!caught) survivors.push(mutant.breaks)
    }
  }
  await Promise.all(folders.map(work))
  return { count: mutants.length, survivors }
}

const ofOperator = ({ count, survivors }: Planted, full: boolean): Metric[] => [
  metric({ key: 'planted', value: count, unit: 'mutants', ...(full ? { atLeast: 30 } : {}) }),
  metric({
    key: 'not-noticed',
    value: survivors.length,
    unit: 'mutants',
    atMost: full ? FORGIVEN : 0,
    note: survivors.join(', '),
  }),
]

const ofRights = ({ count, survivors }: Planted): Metric[] => [
  metric({ key: 'rights planted', value: count, unit: 'mutants' }),
  metric({
    key: 'rights noticed',
    value: (100 * (count - survivors.length)) / count,
    unit: '%',
    atLeast: NOTICED,
    note: survivors.join(', '),
  }),
]
