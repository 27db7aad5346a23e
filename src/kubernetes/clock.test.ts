import { expect, it } from 'vitest'
import { backoffMs, restartDelayMs } from './backoff.ts'
import { pause, systemClock } from './clock.ts'
import { KubeError } from './kube-error.ts'
import { MalformedStreamError } from './line-splitter.ts'
import { isOlderVersion, keyOf, refOf } from './object.ts'
import { untilResolved } from './signals.ts'
import { guardAgainstSilence } from './silence.ts'
import { FakeClock } from './testing/fake-clock.ts'

it('waits on the clock, or until it is called off', async () => {
  const clock = new FakeClock()
  const controller = new AbortController()
  let isOver = false
  const waiting = pause(clock, 1_000, controller.signal).then(() => (isOver = true))
  await clock.advance(999)
  expect(isOver).toBe(false)
  await clock.advance(1)
  await waiting
  const calledOff = pause(clock, 1_000, controller.signal)
  controller.abort(new Error('enough'))
  await expect(calledOff).rejects.toThrow('enough')
  await expect(pause(clock, 1_000, controller.signal)).rejects.toThrow('enough')
  expect(clock.pending).toBe(0)
})

it('has a system clock that goes forward and calls back', async () => {
  const before = systemClock.monotonicMs()
  await pause(systemClock, 5)
  expect(systemClock.monotonicMs()).toBeGreaterThan(before)
  expect(Math.abs(systemClock.now().getTime() - new Date().getTime())).toBeLessThan(1_000)
  let calls = 0
  systemClock.after(1, () => calls++)()
  await pause(systemClock, 5)
  expect(calls).toBe(0)
})

it('calls back soon, and without a word on the console, for a moment that has passed', async () => {
  const told = new Promise<string>((resolve) => {
    process.once('warning', ({ name }) => resolve(name))
    systemClock.after(-2.2, () => setImmediate(() => resolve('called back')))
  })
  expect(await told).toBe('called back')
})

it('waits twice as long after every failure, up to a limit, and never all at the same moment', () => {
  const limits = { baseMs: 100, maxMs: 1_000 }
  const longest = [1, 2, 3, 4, 5, 100, 10_000].map((failures) => backoffMs(failures, limits, () => 1))
  expect(longest).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000])
  expect(backoffMs(1, limits, () => 0)).toBe(50)
})

it('comes back soon to a server that could not be reached, and slowly to one that refuses', () => {
  const unreachable = new KubeError({ status: 0, reason: 'ConnectionFailed', message: '' })
  expect(restartDelayMs({ failures: 50, error: unreachable, random: () => 1 })).toBe(3_000)
  for (const error of [
    undefined,
    new MalformedStreamError(),
    new KubeError({ status: 500, reason: 'X', message: '' }),
  ]) {
    expect(restartDelayMs({ failures: 50, error, random: () => 1 })).toBe(30_000)
  }
})

it('waits for a promise no longer than a signal allows', async () => {
  const controller = new AbortController()
  await expect(untilResolved(Promise.resolve(1))).resolves.toBe(1)
  await expect(untilResolved(Promise.resolve(1), controller.signal)).resolves.toBe(1)
  const never = untilResolved(new Promise(() => {}), controller.signal)
  controller.abort(new Error('enough'))
  await expect(never).rejects.toThrow('enough')
  await expect(untilResolved(Promise.resolve(1), controller.signal)).rejects.toThrow('enough')
})

it('ends a request that says nothing, counted from the last thing it said', async () => {
  const clock = new FakeClock()
  let contacts = 0
  const guard = guardAgainstSilence({
    what: 'GET /x',
    clock,
    inactivityMs: 1_000,
    signal: new AbortController().signal,
    onContact: () => contacts++,
  })
  await clock.advance(900)
  guard.heard()
  await clock.advance(900)
  expect(guard.signal.aborted).toBe(false)
  await clock.advance(100)
  expect(guard.signal.reason).toMatchObject({
    status: 0,
    reason: 'Silent',
    message: 'GET /x said nothing for 1 s.',
  })
  expect(contacts).toBe(1)
  guard.end()
  expect(clock.pending).toBe(0)
})

it('hands on the end that its caller wants, also one from before', () => {
  const controller = new AbortController()
  controller.abort(new Error('enough'))
  const parts = { what: '', clock: new FakeClock(), inactivityMs: 1, onContact: () => {} }
  expect(guardAgainstSilence({ ...parts, signal: controller.signal }).signal.reason).toBe(
    controller.signal.reason,
  )
})

it('names objects by namespace and name', () => {
  for (const ref of [{ name: 'n' }, { namespace: 'a', name: 'b' }]) expect(refOf(keyOf(ref))).toEqual(ref)
})

it('knows which version is older, if they can be compared', () => {
  expect(isOlderVersion('9', '10')).toBe(true)
  expect(isOlderVersion('10', '9')).toBe(false)
  expect(isOlderVersion('10', '10')).toBe(false)
  expect(isOlderVersion('99999999999999999998', '99999999999999999999')).toBe(true)
  for (const [a, b] of [
    ['x', '1'],
    ['1', 'x'],
    [undefined, '1'],
    ['1', undefined],
  ]) {
    expect(isOlderVersion(a, b)).toBe(false)
  }
})
