import { expect, it } from 'vitest'

import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import { successiveDeadlines } from './deadline.ts'

const piece = { what: 'The work', milliseconds: 2_000 }

it('holds one piece of work after another to its deadline, by one signal while nobody raises it', async () => {
  const clock = new FakeClock()
  const deadlines = successiveDeadlines(clock)
  const first = deadlines.begin(piece)
  await clock.advance(1_999)
  deadlines.end()
  await clock.advance(1_999)
  expect(first.aborted).toBe(false)
  expect(deadlines.begin(piece)).toBe(first)
  await clock.advance(2_000)
  expect(first.reason).toMatchObject({
    name: 'DeadlineExceededError',
    message: 'The work took longer than 2 s.',
  })
})

it('gives what comes after a late piece a signal of its own', async () => {
  const clock = new FakeClock()
  const deadlines = successiveDeadlines(clock)
  const late = deadlines.begin(piece)
  await clock.advance(2_000)
  deadlines.end()
  const next = deadlines.begin(piece)
  expect(next).not.toBe(late)
  expect(next.aborted).toBe(false)
})

it('is raised by the outer signal, for all that comes, until it lets go of it', () => {
  const clock = new FakeClock()
  const outer = new AbortController()
  const deadlines = successiveDeadlines(clock, outer.signal)
  const free = successiveDeadlines(clock, outer.signal)
  const [held, freed] = [deadlines.begin(piece), free.begin(piece)]
  free.close()
  const reason = new Error('it leads no more')
  outer.abort(reason)
  expect(held.reason).toBe(reason)
  expect(freed.aborted).toBe(false)
  expect(deadlines.begin(piece).reason).toBe(reason)
})
