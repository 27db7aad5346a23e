/**
 * `npm run check [-- step …]`: everything about the repository that can be told without running it. All steps
 * run whatever fails; what the failing ones said comes last.
 */
import { availableParallelism } from 'node:os'

import { runSteps } from './check/run-steps.ts'
import { allSteps } from './check/steps.ts'
import { root } from './root.ts'
import { onStop } from '../local/on-stop.ts'

const ending = (code: number | null): string =>
  code === null ? 'it was stopped, or took too long' : `it ended with code ${code} and without a word`

const started = performance.now()
const wanted = process.argv.slice(2)
const known = allSteps()
const unknown = wanted.filter((name) => !known.some((step) => step.name.startsWith(name)))
if (unknown.length > 0) {
  const names = known.map((step) => step.name).join(', ')
  process.stderr.write(`There is no step ${unknown.join(', ')}; there are ${names}.\n`)
  process.exit(1)
}
const steps = known.filter((step) => wanted.length === 0 || wanted.some((name) => step.name.startsWith(name)))

const signal = onStop()
const width = Math.max(...steps.map((step) => step.name.length))
const failures = await runSteps(steps, {
  folder: root,
  // The tools in native code use every core themselves; two at once keep the cores busy while one loads.
  width: Math.min(availableParallelism(), 4),
  signal,
  onDone: (step, result) => {
    const verdict = result.code === 0 ? 'ok    ' : 'FAILED'
    process.stdout.write(
      `${verdict}  ${step.name.padEnd(width)}  ${result.seconds.toFixed(1).padStart(5)} s\n`,
    )
  },
})

const seconds = ((performance.now() - started) / 1000).toFixed(1)
process.stdout.write(`\n${steps.length - failures.length} of ${steps.length} steps passed in ${seconds} s\n`)
for (const { step, result } of failures) {
  const said = result.output.trim() || ending(result.code)
  process.stdout.write(`\n── ${step.name} ──\n${said}\n`)
}
process.exitCode = failures.length > 0 || signal.aborted ? 1 : 0
