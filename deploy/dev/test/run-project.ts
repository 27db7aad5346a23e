/**
 * Runs one vitest project and sends its {@link Summary} to the parent: `run-project.ts NAME [vitest options]`.
 *
 * A process for each project, because a project's parts (a database, a whole cluster) live as long as its
 * vitest does, and because one that dies must not take the others' results with it. Vitest's own command
 * is not used: it ends on a signal without running the global teardown, which would leave those parts behind.
 */
import { createVitest, parseCLI, type Vitest } from 'vitest/node'

import { root } from '../root.ts'
import { PROJECTS } from './projects.ts'
import { SummaryReporter } from './summary-reporter.ts'
import type { Summary } from './summary.ts'

const INTERRUPTED = 130
/** What a test has to clean up after itself when the run is interrupted. */
const GRACE_MS = 5000

const [given, ...passed] = process.argv.slice(2)
const project = PROJECTS.find((name) => name === given)
if (!project) throw new Error(`"${given}" is no vitest project; there are ${PROJECTS.join(', ')}.`)

const { filter, options } = parseCLI(['vitest', 'run', ...passed])
const counter = new SummaryReporter()
const shown = options.reporters ?? options.reporter ?? 'default'
const started = performance.now()
const vitest = await createVitest({
  root,
  ...options,
  run: true,
  watch: false,
  project,
  reporters: [...[shown].flat(), counter],
})
stopOnSignals(vitest)

let crashed = 0
try {
  await vitest.start(filter)
} catch (error) {
  crashed = 1
  vitest.logger.printError(error)
} finally {
  await vitest.close()
}
const { failed, ...counts } = counter.counts
const seconds = (performance.now() - started) / 1000
// A global set-up that failed is thrown and reported as an error of the run: it counts once.
const summary: Summary = { project, seconds, ...counts, failed: Math.max(failed, crashed) }
process.send?.(summary, () => process.exit())

/**
 * The first signal cancels the run and gives running tests a moment to clean up after themselves; the second
 * one, or the end of that moment, ends the workers, and vitest goes on to the global teardown; the third one
 * ends everything as it stands. The parent's death counts as a signal.
 */
function stopOnSignals(running: Vitest): void {
  let pressed = 0
  const press = (): void => {
    pressed += 1
    process.exitCode = INTERRUPTED
    if (pressed > 2) process.exit()
    // To vitest a second cancellation means by force.
    void running.cancelCurrentRun('keyboard-input')
    if (pressed === 1) setTimeout(() => void running.cancelCurrentRun('keyboard-input'), GRACE_MS).unref()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal)
    process.on(signal, press)
  }
  process.once('disconnect', press)
}
