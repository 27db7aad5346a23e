/** The process ends before or after each of its writes: the next one brings all to the same end. */
import { expect, it } from 'vitest'

import { JOURNEYS } from '../testing/journeys.ts'
import { walk } from '../testing/walk.ts'

/** Some of them have a hundred lives; on a machine that is busy they take their time. */
const TIMEOUT_MS = 600_000

let points = 0

it.each(JOURNEYS)(
  'ends as if nothing had been when it crashes at any write: $name',
  { timeout: TIMEOUT_MS },
  async (journey) => {
    const { findings: expected } = await walk(journey)
    expect(expected).toMatchObject({ orphans: [], afterwards: [], touched: [] })
    for (const when of ['before', 'after'] as const) {
      for (let at = 0; ; at++) {
        const arrival = await walk(journey, { cut: { at, when, counts: 'writes', how: 'crash' } })
        expect(arrival.findings, `a crash ${when} write ${at}`).toEqual(expected)
        if (arrival.crashes === 0) break
        points++
      }
    }
  },
)

it('has gone through at least 300 such points', () => {
  expect(points).toBeGreaterThanOrEqual(300)
})
