/** Which tests are there at all: by how deep this run goes, and by what this machine can do. */
import { describe, inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** From 1 (every change) to 9 (everything); set by `npm test -- --full` or `SHIPYARD_TEST_LEVEL`. */
    testLevel: number
    /** What generated cases start from; set by `SHIPYARD_TEST_SEED`, the same on every change. */
    testSeed: number
  }
  interface TaskMeta {
    /** Why this machine cannot run the test; printed at the end of `npm test`. */
    skipReason?: string
  }
}

/**
 * Defines tests only when this run goes at least to `level`. Above it they do not exist, so that the tests
 * counted as skipped are those which the machine cannot run, and no others.
 */
export function atLevel(level: number, define: () => void): void {
  if (inject('testLevel') >= level) define()
}

/**
 * Defines tests which need something that a machine may truly lack (root, namespaces, a compiler).
 *
 * @param reason a sentence for people, printed in the summary of `npm test`
 */
export function skipUnless(condition: boolean, reason: string, define: () => void): void {
  // oxlint-disable-next-line vitest/no-conditional-tests -- deciding which tests there are is its whole purpose
  if (condition) define()
  else describe('cannot run here', { skip: true, meta: { skipReason: reason } }, define)
}
