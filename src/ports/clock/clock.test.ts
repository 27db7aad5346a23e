import { expect, it } from 'vitest'

import { manualClock } from './fake.ts'
import { systemClock } from './system.ts'

it('stands still until it is moved, and both clocks move', () => {
  const clock = manualClock(1_000)
  const monotonic = clock.monotonicMs()
  expect([clock.nowMs(), clock.nowMs()]).toEqual([1_000, 1_000])
  clock.advance(250)
  expect([clock.nowMs(), clock.monotonicMs() - monotonic]).toEqual([1_250, 250])
  expect(() => clock.advance(-1)).toThrow('Time does not go backwards')
})

it('lets the wall jump without moving the monotonic clock', () => {
  const clock = manualClock()
  const monotonic = clock.monotonicMs()
  clock.setWall(0)
  expect([clock.nowMs(), clock.monotonicMs()]).toEqual([0, monotonic])
})

it('shows the time of the machine', () => {
  expect(Math.abs(systemClock.nowMs() - (performance.timeOrigin + performance.now()))).toBeLessThan(5_000)
  expect(systemClock.monotonicMs()).toBeLessThanOrEqual(systemClock.monotonicMs())
})
