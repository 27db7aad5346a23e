import { expect, it } from 'vitest'

import { pauseAfter } from './ask-registries.ts'

it('waits as long as is set, with some jitter, and twice as long after each failure up to six hours', () => {
  for (let times = 0; times < 200; times++) {
    for (const [failures, seconds] of [
      [0, 300],
      [1, 600],
      [3, 2400],
      [30, 6 * 3600],
    ] as const) {
      const pause = pauseAfter(300, failures)
      expect(pause).toBeGreaterThanOrEqual(seconds * 0.9)
      expect(pause).toBeLessThanOrEqual(seconds * 1.1)
    }
  }
})

it('does not ask at the same moment for all', () => {
  const pauses = new Set(Array.from({ length: 20 }, () => pauseAfter(300, 0)))
  expect(pauses.size).toBeGreaterThan(10)
})
