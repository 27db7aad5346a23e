/**
 * Runs in every test file. Generated cases start from this run's seed. Whatever is written to the console fails
 * the test in which it is noticed: noise hides the one line that matters, and a program that prints in a test
 * prints in production. A test that is about printing gives the code a stream of its own, or replaces
 * `process.stdout.write` by `vi.spyOn`.
 */
import fc from 'fast-check'
import { afterAll, afterEach, inject } from 'vitest'

fc.configureGlobal({ seed: inject('testSeed') })

const written: string[] = []

function record(door: string, values: unknown[]): void {
  const text = values.map(String).join(' ').trimEnd()
  // Node hands on the error output of `execFileSync` even when there is none.
  if (text === '') return
  const frames = new Error().stack?.split('\n').slice(1) ?? []
  const place = frames.find((line) => !/\/dev\/test\/setup\.ts|\(node:/.test(line)) ?? ''
  written.push(`${door}: ${text}\n  ${place.trim()}`)
}

const guarded = globalThis.console as unknown as Record<string, unknown>
for (const method of Object.keys(guarded)) {
  if (typeof guarded[method] === 'function') {
    guarded[method] = (...values: unknown[]) => record(`console.${method}`, values)
  }
}

for (const name of ['stdout', 'stderr'] as const) {
  process[name].write = (chunk: unknown) => {
    record(`process.${name}`, [chunk])
    return true
  }
}

function refuseNoise(): void {
  const noise = written.splice(0)
  if (noise.length > 0) throw new Error(`Something was written to the console:\n${noise.join('\n')}`)
}

afterEach(refuseNoise)
// For what was written after the last test.
afterAll(refuseNoise)
