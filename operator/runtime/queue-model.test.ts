/** The promises of the queue, for any order of what may happen to it. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keyOf, refOf, type ObjectKey } from '../../src/kubernetes/object.ts'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import { WorkQueue, type Priority } from './queue.ts'

type Step =
  | { type: 'add'; key: ObjectKey; priority: Priority }
  | { type: 'addAfter'; key: ObjectKey; priority: Priority; delayMs: number }
  | { type: 'retry'; key: ObjectKey }
  | { type: 'work' }
  | { type: 'finish'; at: number }
  | { type: 'wait'; milliseconds: number }

const key = fc.constantFrom('a/1', 'a/2', 'a/3', 'a/4', 'b/1', 'b/2', 'c/1', 'node')
const priority = fc.constantFrom<Priority>('change', 'resync')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('add' as const), key, priority }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('addAfter' as const), key, priority, delayMs: fc.nat(5_000) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('retry' as const), key }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('work' as const) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('finish' as const), at: fc.nat(10) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), milliseconds: fc.nat(4_000) }) },
)

/** Plays steps and keeps a picture of its own, in the simplest way that can be right. */
class Play {
  readonly clock = new FakeClock()
  readonly queue = new WorkQueue({ clock: this.clock, random: () => 0.5 })
  readonly working: ObjectKey[] = []
  readonly broken: string[] = []
  readonly #asks: { key: ObjectKey; dueAt: number }[] = []
  readonly #starts: ObjectKey[] = []
  /** Keys that were asked for and not started since. */
  readonly owed = new Set<ObjectKey>()

  ask(asked: ObjectKey, delayMs: number): void {
    this.#asks.push({ key: asked, dueAt: this.clock.monotonicMs() + delayMs })
    this.owed.add(asked)
  }

  async work(): Promise<void> {
    const before = this.queue.depth
    if (before === 0) return
    const taken = await this.#take()
    if (taken === undefined) return
    if (this.working.includes(taken)) this.broken.push(`${taken} is with two workers`)
    if (this.queue.depth !== before - 1) this.broken.push(`${taken} was not counted`)
    this.#starts.push(taken)
    // Nothing is given more often than it was asked for, or before its time.
    const due = this.#asks.filter((each) => each.key === taken && each.dueAt <= this.clock.monotonicMs())
    const starts = this.#starts.filter((each) => each === taken)
    if (starts.length > due.length) this.broken.push(`${taken} came unasked`)
    this.owed.delete(taken)
    this.working.push(taken)
  }

  /** @returns undefined where what waits has to wait for those who work */
  async #take(): Promise<ObjectKey | undefined> {
    const patience = new AbortController()
    const taken = this.queue.take(patience.signal).then(keyOf, () => undefined)
    await Promise.resolve()
    if (this.queue.working === this.working.length) patience.abort()
    if (patience.signal.aborted && this.working.length < 2)
      this.broken.push('nothing was given to an idle worker')
    return taken
  }

  finish(at: number): void {
    const [finished] = this.working.splice(at % Math.max(1, this.working.length), 1)
    if (finished !== undefined) this.queue.done(refOf(finished))
  }
}

async function act(play: Play, each: Step): Promise<void> {
  const { queue, clock } = play
  if (each.type === 'add') {
    play.ask(each.key, 0)
    queue.add(refOf(each.key), each.priority)
  } else if (each.type === 'addAfter') {
    play.ask(each.key, each.delayMs)
    queue.addAfter(refOf(each.key), each.delayMs, each.priority)
  } else if (each.type === 'retry') {
    play.ask(each.key, 0)
    queue.retry(refOf(each.key))
  } else if (each.type === 'work') await play.work()
  else if (each.type === 'finish') play.finish(each.at)
  else await clock.advance(each.milliseconds)
}

it('gives every key that was added, to one worker at a time, and none that was not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const play = new Play()
      for (const each of steps) await act(play, each)
      // Everybody goes on until nothing is left; the longest wait of a retry here is far below an hour.
      while (play.working.length > 0) play.finish(0)
      for (let round = 0; round < 3; round++) {
        await play.clock.advance(3_600_000)
        while (play.queue.depth > 0) {
          await play.work()
          play.finish(0)
        }
      }
      expect(play.broken).toEqual([])
      expect([...play.owed]).toEqual([])
      expect([play.queue.depth, play.queue.delayed, play.queue.working, play.clock.pending]).toEqual([
        0, 0, 0, 0,
      ])
    }),
    { numRuns: 1_000 },
  )
})

interface Ask {
  key: ObjectKey
  priority: Priority
}
const asks: fc.Arbitrary<Ask[]> = fc.array(fc.record({ key, priority }), { maxLength: 60 })

it('gives changes first but for every tenth turn, and namespaces in turns', async () => {
  await fc.assert(
    fc.asyncProperty(asks, asks, async (before, during) => {
      const queue = new WorkQueue({ clock: new FakeClock(), random: () => 0.5 })
      const waiting = new Map<ObjectKey, Priority>()
      const add = (ask: Ask): void => {
        queue.add(refOf(ask.key), ask.priority)
        if (waiting.get(ask.key) !== 'change') waiting.set(ask.key, ask.priority)
      }
      for (const ask of before) add(ask)
      const fairness = new Fairness()
      const passedOver: number[] = []
      for (let turn = 1; queue.depth > 0; turn++) {
        fairness.see(waiting)
        const taken = await queue.take(new AbortController().signal)
        const what = waiting.get(keyOf(taken))
        waiting.delete(keyOf(taken))
        if (what === 'resync' && [...waiting.values()].includes('change')) passedOver.push(turn % 10)
        fairness.served(taken.namespace ?? '', what)
        queue.done(taken)
        for (const ask of during.slice(turn - 1, turn)) add(ask)
      }
      expect([...waiting.keys()]).toEqual([])
      expect(passedOver.filter((turn) => turn !== 0)).toEqual([])
      expect(fairness.broken).toEqual([])
    }),
    { numRuns: 500 },
  )
})

/** While a namespace waits, no other one is served twice, in either class. */
class Fairness {
  readonly broken: string[] = []
  readonly #seen = new Map<string, Map<string, number>>()

  see(waiting: ReadonlyMap<ObjectKey, Priority>): void {
    const lines = new Set([...waiting].map(([each, what]) => `${what} ${refOf(each).namespace ?? ''}`))
    for (const line of this.#seen.keys()) if (!lines.has(line)) this.#seen.delete(line)
    for (const line of lines) if (!this.#seen.has(line)) this.#seen.set(line, new Map())
  }

  served(namespace: string, what: Priority | undefined): void {
    const line = `${what} ${namespace}`
    this.#seen.delete(line)
    for (const [other, counts] of this.#seen) {
      if (!other.startsWith(`${what} `)) continue
      const times = (counts.get(line) ?? 0) + 1
      counts.set(line, times)
      if (times > 1) this.broken.push(`${other} waited while ${line} was served ${times} times`)
    }
  }
}
