import { beforeEach, expect, it } from 'vitest'
import { keyOf, refOf, type ObjectRef } from '../../src/kubernetes/object.ts'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import { WorkQueue, type QueueObserver } from './queue.ts'
import { TokenBucket } from './token-bucket.ts'

let clock: FakeClock
let observed: string[]
let queue: WorkQueue
const signal = new AbortController().signal
const observer: QueueObserver = {
  added: () => observed.push('added'),
  started: (seconds) => observed.push(`started after ${seconds}`),
  finished: (seconds) => observed.push(`finished after ${seconds}`),
  retried: () => observed.push('retried'),
}
beforeEach(() => {
  clock = new FakeClock()
  observed = []
  queue = new WorkQueue({ clock, random: () => 1, observer })
})

const ref = (namespace: string, name: string | number): ObjectRef => ({ namespace, name: String(name) })
const take = async (): Promise<string> => keyOf(await queue.take(signal))

async function drain(): Promise<string[]> {
  const keys: string[] = []
  while (queue.depth > 0) {
    const next = await queue.take(signal)
    keys.push(keyOf(next))
    queue.done(next)
  }
  return keys
}

it('gives a key once, however often it was added', async () => {
  for (let each = 0; each < 5; each++) queue.add(ref('a', 1))
  expect(queue.depth).toBe(1)
  expect(await drain()).toEqual(['a/1'])
})

it('gives a key again that was added while it was worked on, after that work', async () => {
  queue.add(ref('a', 1))
  const first = await queue.take(signal)
  queue.add(first)
  queue.add(first)
  expect(queue.depth).toBe(0)
  queue.done(first)
  expect(await drain()).toEqual(['a/1'])
})

it('gives a key to the worker that waits longest, as soon as it comes', async () => {
  const [one, two] = [take(), take()]
  queue.add(ref('a', 1))
  queue.add(ref('a', 2))
  expect(await Promise.all([one, two])).toEqual(['a/1', 'a/2'])
  expect(queue.working).toBe(2)
})

it('lets a worker stop waiting, and gives its key to another one', async () => {
  const controller = new AbortController()
  const stopped = queue.take(controller.signal)
  const other = take()
  controller.abort(new Error('enough'))
  await expect(stopped).rejects.toThrow('enough')
  queue.add(ref('a', 1))
  expect(await other).toBe('a/1')
  await expect(queue.take(controller.signal)).rejects.toThrow('enough')
})

it('lets a change go before a thousand keys that are only looked at again', async () => {
  for (let each = 0; each < 1_000; each++) queue.add(ref('old', each), 'resync')
  queue.add(ref('new', 1))
  expect((await drain()).indexOf('new/1')).toBe(0)
})

it('works on a change beside one key at most that is only looked at again', async () => {
  for (let each = 0; each < 9; each++) queue.add(ref('old', each), 'resync')
  const before = await Promise.all([take(), take()])
  queue.add(ref('new', 1))
  expect(await take()).toBe('new/1')
  const waiting = [queue.take(signal), queue.take(signal)]
  queue.done(refOf(before[0] ?? ''))
  // One is under way still.
  expect([queue.working, queue.depth]).toEqual([2, 7])
  queue.done(refOf(before[1] ?? ''))
  expect((await waiting[0])?.name).toBe('2')
  expect([queue.working, queue.depth]).toEqual([2, 6])
  queue.done(ref('new', 1))
  expect((await waiting[1])?.name).toBe('3')
})

it('makes a change of a key that waits to be looked at again, and never the reverse', async () => {
  for (const name of ['a', 'b', 'c']) queue.add(ref('x', name), 'resync')
  queue.add(ref('x', 'c'))
  queue.add(ref('x', 'c'), 'resync')
  expect(await drain()).toEqual(['x/c', 'x/a', 'x/b'])
})

it('keeps a change a change that came while the key was worked on', async () => {
  queue.add(ref('x', 'a'))
  const a = await queue.take(signal)
  queue.add(a)
  queue.add(a, 'resync')
  queue.add(ref('x', 'b'), 'resync')
  queue.done(a)
  expect(await take()).toBe('x/a')
})

it('does not let changes hold up the rest for ever', async () => {
  queue.add(ref('old', 1), 'resync')
  const taken: string[] = []
  for (let turn = 0; turn < 10; turn++) {
    queue.add(ref('busy', turn))
    const next = await queue.take(signal)
    taken.push(keyOf(next))
    queue.done(next)
  }
  expect(taken).toContain('old/1')
})

it('lets a namespace with one change wait for one key of each other namespace at most', async () => {
  for (let each = 0; each < 1_000; each++) queue.add(ref('loud', each))
  for (let each = 0; each < 10; each++) queue.add(ref('louder', each))
  queue.add(ref('quiet', 1))
  const order = await drain()
  expect(order.indexOf('quiet/1')).toBe(2)
  expect(order).toHaveLength(1_011)
  // First in, first out within each.
  expect(order.filter((key) => key.startsWith('loud/'))[999]).toBe('loud/999')
})

it('gives a key later, at the earliest of the times that were asked for', async () => {
  queue.addAfter(ref('a', 1), 5_000)
  queue.addAfter(ref('a', 1), 1_000)
  queue.addAfter(ref('a', 1), 9_000)
  expect([queue.depth, queue.delayed]).toEqual([0, 1])
  await clock.advance(999)
  expect(queue.depth).toBe(0)
  await clock.advance(1)
  expect(await drain()).toEqual(['a/1'])
  await clock.advance(10_000)
  expect(queue.depth).toBe(0)
  queue.addAfter(ref('a', 2), 0)
  expect(queue.depth).toBe(1)
})

it('waits longer after every failure of a key, and forgets with the first success', async () => {
  const waits: (number | undefined)[] = []
  for (let failure = 0; failure < 4; failure++) {
    queue.retry(ref('a', 1))
    waits.push(clock.next)
    await clock.advance(clock.next ?? 0)
    await drain()
  }
  expect(waits).toEqual([250, 500, 1_000, 2_000])
  expect(queue.failuresOf(ref('a', 1))).toBe(4)
  queue.forget(ref('a', 1))
  queue.retry(ref('a', 1))
  expect(clock.next).toBe(250)
  for (let failure = 0; failure < 40; failure++) queue.retry(ref('a', 2))
  expect(queue.failuresOf(ref('a', 2))).toBe(40)
})

it('spreads out the retries of many keys', async () => {
  queue = new WorkQueue({ clock, random: () => 0, retryRate: { perSecond: 10, burst: 5 } })
  for (let each = 0; each < 25; each++) queue.retry(ref('a', each))
  // Each by itself would come after 125 ms.
  await clock.advance(125)
  expect(queue.depth).toBe(6)
  await clock.advance(875)
  expect(queue.depth).toBe(15)
  await clock.advance(1_000)
  expect(queue.depth).toBe(25)
})

it('tells how long keys wait and are worked on', async () => {
  queue.add(ref('a', 1))
  await clock.advance(2_000)
  queue.add(ref('a', 2))
  expect(queue.oldestSeconds()).toBe(2)
  const one = await queue.take(signal)
  await clock.advance(3_000)
  await queue.take(signal)
  await clock.advance(1_000)
  expect([queue.longestRunSeconds(), queue.unfinishedSeconds(), queue.oldestSeconds()]).toEqual([4, 5, 0])
  queue.done(one)
  queue.done(one)
  expect(observed).toEqual(['added', 'added', 'started after 2', 'started after 3', 'finished after 4'])
  queue.retry(one)
  expect(observed.at(-1)).toBe('retried')
  queue.close()
  expect(clock.pending).toBe(0)
})

it('takes as long for a key of a hundred thousand as for one of a hundred', async () => {
  for (let each = 0; each < 100_000; each++) queue.add(ref(`n${each % 100}`, each))
  const order = await drain()
  expect(order).toHaveLength(100_000)
  expect(new Set(order).size).toBe(100_000)
})

it('hands out turns at a rate, after a burst', async () => {
  const bucket = new TokenBucket({ perSecond: 2, burst: 2, clock })
  expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 500, 1_000])
  expect(bucket.tryTake()).toBe(false)
  await clock.advance(1_500)
  expect([bucket.tryTake(), bucket.tryTake()]).toEqual([true, false])
  await clock.advance(60_000)
  expect([bucket.tryTake(), bucket.tryTake(), bucket.tryTake()]).toEqual([true, true, false])
})
