/** Counts what vitest reports into a {@link Summary}. */
import { stripVTControlCharacters } from 'node:util'

import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node'

import type { Summary } from './summary.ts'

export type Counts = Omit<Summary, 'project' | 'seconds'>

/** A vitest reporter that keeps the counts of the last run. */
export class SummaryReporter implements Reporter {
  counts: Counts = nothing()

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.counts = { ...nothing(), files: modules.length, failed: unhandledErrors.length }
    for (const error of unhandledErrors)
      this.counts.failures.push(`outside of the tests: ${firstLine(error)}`)
    for (const module of modules) this.#countModule(module)
  }

  #countModule(module: TestModule): void {
    const tests = [...module.children.allTests()]
    const broken = [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0)
    // A suite whose set-up failed is one failure; its tests, which vitest calls skipped, never had their chance.
    this.counts.failed += broken.length
    for (const suite of broken) this.#nameFailure(suite, suite.errors())
    if (tests.length === 0 && broken.length === 0) this.counts.empty.push(module.relativeModuleId)
    for (const test of tests) {
      if (test.result().state !== 'skipped') this.#countRun(test)
      else if (!broken.some((suite) => isWithin(test, suite))) this.#countSkipped(test)
    }
  }

  #countRun(test: TestCase): void {
    const result = test.result()
    if (result.state === 'passed') this.counts.passed += 1
    else {
      this.counts.failed += 1
      this.#nameFailure(test, result.errors ?? [])
    }
  }

  #nameFailure(of: TestCase | TestSuite | TestModule, errors: readonly unknown[]): void {
    const name = of.type === 'module' ? '' : ` > ${of.fullName}`
    const { relativeModuleId } = of.type === 'module' ? of : of.module
    this.counts.failures.push(`${relativeModuleId}${name}: ${firstLine(errors[0])}`)
  }

  #countSkipped(test: TestCase): void {
    this.counts.skipped += 1
    const result = test.result()
    const note = result.state === 'skipped' ? result.note : undefined
    const reason = test.meta().skipReason ?? note ?? 'no reason given'
    this.counts.reasons[reason] = (this.counts.reasons[reason] ?? 0) + 1
  }
}

const nothing = (): Counts => ({
  files: 0,
  passed: 0,
  failed: 0,
  skipped: 0,
  reasons: {},
  empty: [],
  failures: [],
})

/** The first line of an error's message, without colours. */
function firstLine(error: unknown): string {
  const { message = 'no error was given' } = (error ?? {}) as { message?: string }
  return stripVTControlCharacters(message).split('\n', 1)[0] ?? ''
}

function isWithin(test: TestCase, suite: TestSuite | TestModule): boolean {
  for (let parent: TestSuite | TestModule = test.parent; ; parent = parent.parent) {
    if (parent === suite) return true
    if (parent.type === 'module') return false
  }
}
