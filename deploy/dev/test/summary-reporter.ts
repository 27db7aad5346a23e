/** Counts what vitest reports into a {@link Summary}. */
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node'

import type { Summary } from './summary.ts'

export type Counts = Omit<Summary, 'project' | 'seconds'>

/** A vitest reporter that keeps the counts of the last run. */
export class SummaryReporter implements Reporter {
  counts: Counts = nothing()

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.counts = { ...nothing(), files: modules.length, failed: unhandledErrors.length }
    for (const module of modules) this.#countModule(module)
  }

  #countModule(module: TestModule): void {
    const tests = [...module.children.allTests()]
    const broken = [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0)
    // A suite whose set-up failed is one failure; its tests, which vitest calls skipped, never had their chance.
    this.counts.failed += broken.length
    if (tests.length === 0 && broken.length === 0) this.counts.empty.push(module.relativeModuleId)
    for (const test of tests) {
      if (test.result().state !== 'skipped') this.#countRun(test)
      else if (!broken.some((suite) => isWithin(test, suite))) this.#countSkipped(test)
    }
  }

  #countRun(test: TestCase): void {
    if (test.result().state === 'passed') this.counts.passed += 1
    else this.counts.failed += 1
  }

  #countSkipped(test: TestCase): void {
    this.counts.skipped += 1
    const result = test.result()
    const note = result.state === 'skipped' ? result.note : undefined
    const reason = test.meta().skipReason ?? note ?? 'no reason given'
    this.counts.reasons[reason] = (this.counts.reasons[reason] ?? 0) + 1
  }
}

const nothing = (): Counts => ({ files: 0, passed: 0, failed: 0, skipped: 0, reasons: {}, empty: [] })

function isWithin(test: TestCase, suite: TestSuite | TestModule): boolean {
  for (let parent: TestSuite | TestModule = test.parent; ; parent = parent.parent) {
    if (parent === suite) return true
    if (parent.type === 'module') return false
  }
}
