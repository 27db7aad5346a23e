import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { metric, type Benchmark } from '../../deploy/dev/bench/definition.ts'
import { MUTANTS } from './mutants/operator.ts'
import { copyRepository, isCaught, runTests } from './mutants/run.ts'

/** So many of all may go unnoticed. */
const FORGIVEN = 2
/** In the small size every so many. */
const SAMPLE = 6

/** The operator's tests are worth what they notice. */
export const benchmark: Benchmark = {
  name: 'mutants',
  about: 'how many of the mistakes that operators are known for the operator’s tests notice',
  async run({ full, signal, say }) {
    const mutants = MUTANTS.filter((_, at) => full || at % SAMPLE === 0)
    const folder = mkdtempSync(join(tmpdir(), 'shipyard-mutants-'))
    const survivors: string[] = []
    const started = performance.now()
    try {
      copyRepository(folder)
      const all = [...new Set(mutants.flatMap(({ tests }) => tests))]
      const { code, output } = await runTests(folder, all, signal)
      if (code !== 0) throw new Error(`Without any mutant the tests fail already. They said:\n${output}`)
      for (const mutant of mutants) {
        signal.throwIfAborted()
        const caught = await isCaught(folder, mutant, signal)
        say(`${caught ? 'noticed' : 'NOT NOTICED'}: ${mutant.file} ${mutant.breaks}`)
        if (!caught) survivors.push(mutant.breaks)
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    return [
      metric({ key: 'planted', value: mutants.length, unit: 'mutants', ...(full ? { atLeast: 30 } : {}) }),
      metric({
        key: 'not-noticed',
        value: survivors.length,
        unit: 'mutants',
        atMost: full ? FORGIVEN : 0,
        note: survivors.join(', '),
      }),
      metric({ key: 'wall', value: (performance.now() - started) / 1000, unit: 's' }),
    ]
  },
}
