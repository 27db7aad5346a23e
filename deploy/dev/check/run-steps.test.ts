import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'

import { tempTree } from '../testing/temp-tree.ts'
import { runSteps } from './run-steps.ts'
import type { Step } from './steps.ts'

const step = (name: string, code: string): Step => ({ name, args: ['--eval', code] })
const print = (text: string): string => `process.stdout.write('${text}')`

it('runs all steps whatever fails, and gives back those that failed with what they said', async () => {
  const done: string[] = []
  const steps = [
    step('bad', `${print('out')}; process.stderr.write('err'); process.exitCode = 3`),
    step('good', print('x')),
    step('killed', `process.kill(process.pid, 'SIGKILL')`),
  ]
  const failures = await runSteps(steps, {
    folder: tempTree({}),
    width: 1,
    signal: new AbortController().signal,
    onDone: ({ name }) => done.push(name),
  })
  expect(done).toEqual(['bad', 'good', 'killed'])
  expect(failures.map(({ step: { name }, result }) => [name, result.code, result.output])).toEqual([
    ['bad', 3, 'outerr'],
    ['killed', null, ''],
  ])
})

it('runs as many at once as it is told', async () => {
  const waits = 'setTimeout(() => {}, 700)'
  const started = performance.now()
  await runSteps([step('a', waits), step('b', waits), step('c', waits)], {
    folder: tempTree({}),
    width: 3,
    signal: new AbortController().signal,
    onDone: () => undefined,
  })
  expect(performance.now() - started).toBeLessThan(2000)
})

it('ends what runs and begins nothing more when it is stopped', async () => {
  const controller = new AbortController()
  const done: string[] = []
  const running = runSteps([step('long', 'setInterval(() => {}, 1000)'), step('next', '')], {
    folder: tempTree({}),
    width: 1,
    signal: controller.signal,
    onDone: ({ name }) => done.push(name),
  })
  await sleep(200)
  controller.abort()
  const failures = await running
  expect(failures.map((failure) => failure.step.name)).toEqual(['long'])
  expect(done).toEqual(['long'])
})
