import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'

import { createLoop, type Run } from './loop.ts'

type Log = (fields: unknown, sentence?: string) => void

const log = { error: vi.fn<Log>(), warn: vi.fn<Log>(), debug: vi.fn<Log>() }

it('runs at the start, and again when the period is over', async () => {
  let runs = 0
  const loop = createLoop({ name: 'x', periodMs: 10, work: async () => ++runs, log })
  loop.start()
  await vi.waitFor(() => expect(runs).toBeGreaterThan(2))
  await loop.stop()
  const after = runs
  await delay(40)
  expect(runs).toBe(after)
})

it('makes one run of many pokes, and another one of those that come during a run', async () => {
  let runs = 0
  const gate = Promise.withResolvers<void>()
  const loop = createLoop({
    name: 'x',
    periodMs: 100_000,
    log,
    work: async () => {
      runs += 1
      if (runs === 1) await gate.promise
      return 0
    },
  })
  loop.start()
  for (let i = 0; i < 10; i++) loop.poke()
  gate.resolve()
  await vi.waitFor(() => expect(runs).toBe(2))
  await delay(20)
  expect(runs).toBe(2)
  await loop.stop()
})

it('rests after a run, whoever pokes', async () => {
  const at: number[] = []
  const work = async (): Promise<number> => at.push(performance.now())
  const loop = createLoop({ name: 'x', periodMs: 100_000, restMs: 60, work, log })
  loop.start()
  loop.poke()
  await vi.waitFor(() => expect(at).toHaveLength(2))
  // Timers count in whole milliseconds.
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(58)
  await loop.stop()
})

it('is stopped while it rests', async () => {
  let runs = 0
  const loop = createLoop({ name: 'x', periodMs: 5, restMs: 1_000_000, work: async () => ++runs, log })
  loop.start()
  await vi.waitFor(() => expect(runs).toBe(1))
  await loop.stop()
  expect(runs).toBe(1)
})

it('goes on after a failure, and counts it', async () => {
  const seen: Run[] = []
  let runs = 0
  const loop = createLoop({
    name: 'x',
    periodMs: 5,
    log,
    onRun: (run) => seen.push(run),
    work: async () => {
      runs += 1
      if (runs === 1) throw new Error('no')
      return 3
    },
  })
  loop.start()
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(1))
  await loop.stop()
  expect(seen[0]).toMatchObject({ isFailed: true, corrections: 0 })
  expect(seen[1]).toMatchObject({ isFailed: false, corrections: 3 })
  expect(log.error).toHaveBeenCalledOnce()
})

it('tells the run under way that it stops, and waits for it', async () => {
  let isOver = false
  const loop = createLoop({
    name: 'x',
    periodMs: 5,
    log,
    work: async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      isOver = true
      return 0
    },
  })
  loop.start()
  await loop.stop()
  expect(isOver).toBe(true)
})
