import { afterEach, beforeEach, expect, it } from 'vitest'
import { KubeError } from '../../src/kubernetes/kube-error.ts'
import { keyOf, type KubeObject, type ObjectRef } from '../../src/kubernetes/object.ts'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import { NotLeaderError, type Cluster } from './cluster.ts'
import { watched, type ControllerOptions, type Reconcile } from './controller-types.ts'
import { Controller, grace } from './controller.ts'
import { RuntimeMetrics } from './metrics.ts'
import { done, stalled, wait } from './result.ts'
import { FakeCache } from './testing/fake-cache.ts'
import { MemoryLog } from './testing/memory-log.ts'

let clock: FakeClock
let log: MemoryLog
let metrics: RuntimeMetrics
let cache: FakeCache
let stop: AbortController
let leading: AbortController
beforeEach(() => {
  clock = new FakeClock()
  log = new MemoryLog()
  metrics = new RuntimeMetrics({ process: false })
  cache = new FakeCache('ConfigMap')
  stop = new AbortController()
  leading = new AbortController()
})
afterEach(() => stop.abort(new Error('over')))

function controller(reconcile: Reconcile, options: Partial<ControllerOptions> = {}): Controller {
  const made = new Controller(
    {
      name: 'test',
      primary: cache,
      watches: [watched(cache, ({ metadata }) => [metadata])],
      reconcile,
      ...options,
    },
    { cluster: {} as Cluster, clock, random: () => 1, log, metrics },
  )
  return made
}

const run = async (made: Controller): Promise<void> => made.run(stop.signal, leading.signal)

function object(name: string, version = '1', owner = name): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'ns', resourceVersion: version, labels: { owner } },
  }
}

async function countOf(result: string): Promise<number> {
  const { values } = (await metrics.registry
    .getSingleMetric('controller_runtime_reconcile_total')
    ?.get()) ?? { values: [] }
  return values.find(({ labels }) => labels.result === result)?.value ?? 0
}

it('reconciles what changes, by name', async () => {
  const seen: string[] = []
  void run(
    controller(async (ref) => {
      seen.push(keyOf(ref))
      return done()
    }),
  )
  cache.set(object('a'))
  await clock.advance(0)
  cache.set(object('a', '2'))
  await clock.advance(0)
  cache.delete({ namespace: 'ns', name: 'a' })
  await clock.advance(0)
  expect(seen).toEqual(['ns/a', 'ns/a', 'ns/a'])
  expect(await countOf('success')).toBe(3)
})

it('reconciles both whom an object belonged to and whom it belongs to', async () => {
  const seen: string[] = []
  const reconcile = async (ref: ObjectRef): Promise<ReturnType<typeof done>> => {
    seen.push(keyOf(ref))
    return done()
  }
  const toOwner = watched(cache, ({ metadata }) => [{ name: metadata.labels?.owner ?? '' }])
  void run(controller(reconcile, { watches: [toOwner] }))
  cache.set(object('child', '1', 'first'))
  await clock.advance(0)
  cache.set(object('child', '2', 'second'))
  await clock.advance(0)
  expect(seen.toSorted()).toEqual(['first', 'first', 'second'])
})

it('treats what the first list brings as less urgent than what changes', async () => {
  const seen: string[] = []
  const made = controller(
    async ({ name }) => {
      seen.push(name)
      return done()
    },
    { workers: 1 },
  )
  cache.isSynced = false
  for (const name of ['a', 'b', 'c']) cache.set(object(name))
  cache.isSynced = true
  cache.set(object('d'))
  void run(made)
  await clock.advance(0)
  expect(seen[0]).toBe('d')
})

it('works on several keys at a time, on one key never twice at a time', async () => {
  let running = 0
  let most = 0
  const perKey = new Map<string, number>()
  const finish = Promise.withResolvers<void>()
  const reconcile: Reconcile = async (ref) => {
    most = Math.max(most, ++running)
    perKey.set(ref.name, (perKey.get(ref.name) ?? 0) + 1)
    expect(perKey.get(ref.name)).toBe(1)
    await finish.promise
    perKey.set(ref.name, 0)
    running--
    return done()
  }
  void run(controller(reconcile, { workers: 3 }))
  for (let each = 0; each < 6; each++) cache.set(object(`o${each}`))
  cache.set(object('o0', '2'))
  await clock.advance(0)
  expect(running).toBe(3)
  finish.resolve()
  await clock.advance(0)
  expect([most, running]).toEqual([3, 0])
  expect(await countOf('success')).toBe(7)
  expect(await countOf('error')).toBe(0)
})

it('looks again when the answer says so', async () => {
  const answers = [
    wait({ after: '5s', reason: 'PodsStarting', message: 'Pods start.' }),
    stalled({ reason: 'ImageNotFound', message: 'Give another image.' }),
    done({ again: '1m' }),
    done(),
  ]
  const at: number[] = []
  void run(
    controller(async () => {
      at.push(clock.monotonicMs() / 1000)
      return answers.shift() ?? done()
    }),
  )
  cache.set(object('a'))
  await clock.advance(0)
  await clock.advance(3_600_000)
  expect(at).toEqual([0, 5, 605, 665])
  expect([await countOf('requeue_after'), await countOf('stalled'), await countOf('success')]).toEqual([
    2, 1, 1,
  ])
})

it('looks at everything again at every resync, and not at what is gone', async () => {
  const seen: string[] = []
  void run(
    controller(
      async ({ name }) => {
        seen.push(name)
        return done()
      },
      { resyncEvery: '1h' },
    ),
  )
  cache.set(object('a'))
  cache.set(object('b'))
  await clock.advance(0)
  cache.delete({ namespace: 'ns', name: 'b' })
  await clock.advance(10)
  seen.length = 0
  await clock.advance(3_700_000)
  // The one that is gone had an appointment from before, and gets no other.
  expect(seen.filter((name) => name === 'a')).toHaveLength(1)
  seen.length = 0
  await clock.advance(7_200_000)
  expect(seen).toEqual(['a', 'a'])
})

it('tries again later and later after errors, and begins anew after a success', async () => {
  const at: number[] = []
  let failures = 3
  void run(
    controller(async () => {
      at.push(clock.monotonicMs())
      if (failures-- > 0) throw new Error('no')
      return done()
    }),
  )
  cache.set(object('a'))
  await clock.advance(0)
  await clock.advance(60_000)
  expect(at).toEqual([0, 250, 750, 1_750])
  const failure = 'error A reconcile failed and is repeated later.'
  expect(log.lines).toEqual([failure, failure, failure, 'debug A reconcile has ended.'])
  expect(await countOf('error')).toBe(3)
})

it('repeats after a conflict without noise', async () => {
  let conflicts = 1
  void run(
    controller(async () => {
      if (conflicts-- > 0) throw new KubeError({ status: 409, reason: 'Conflict', message: 'modified' })
      return done()
    }),
  )
  cache.set(object('a'))
  await clock.advance(0)
  await clock.advance(1_000)
  expect(log.lines).toEqual([
    'debug A reconcile met a newer version and is repeated.',
    'debug A reconcile has ended.',
  ])
  expect([await countOf('conflict'), await countOf('success')]).toEqual([1, 1])
})

it('aborts a reconcile that takes too long, and starts no second one beside it', async () => {
  let starts = 0
  const ends = Promise.withResolvers<void>()
  const reconcile: Reconcile = async (_, { signal }) => {
    starts++
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    await ends.promise
    throw signal.reason
  }
  const made = controller(reconcile, { timeout: '10s' })
  void run(made)
  cache.set(object('a'))
  await clock.advance(0)
  await clock.advance(60_000)
  cache.set(object('a', '2'))
  await clock.advance(60_000)
  expect([starts, made.queue.working]).toEqual([1, 1])
  expect(made.queue.longestRunSeconds()).toBe(120)
  ends.resolve()
  await clock.advance(0)
  await clock.advance(1_000)
  expect(starts).toBe(2)
})

it('aborts what is under way when leadership is lost, and repeats nothing', async () => {
  const reasons: unknown[] = []
  const made = controller(async (_, { signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    reasons.push(signal.reason)
    throw new NotLeaderError()
  })
  const running = run(made)
  cache.set(object('a'))
  await clock.advance(0)
  const lost = new Error('lost')
  leading.abort(lost)
  stop.abort(new Error('over'))
  await running
  expect(reasons).toEqual([lost])
  expect(made.queue.delayed).toBe(0)
  expect(log.lines).toEqual(['debug A reconcile was dropped: this replica does not lead any more.'])
})

it('finishes what is under way when it is told to stop, and begins nothing', async () => {
  const finish = Promise.withResolvers<void>()
  const seen: string[] = []
  const made = controller(
    async ({ name }) => {
      await finish.promise
      seen.push(name)
      return done({ again: '1s' })
    },
    { workers: 1 },
  )
  const running = run(made)
  cache.set(object('a'))
  cache.set(object('b'))
  await clock.advance(0)
  stop.abort(new Error('over'))
  finish.resolve()
  await running
  expect(seen).toEqual(['a'])
  expect(clock.pending).toBe(0)
})

it('gives work so long to end', async () => {
  expect(await grace(clock, Promise.resolve(), 1_000)).toBe(true)
  const late = grace(clock, new Promise(() => {}), 1_000)
  await clock.advance(1_000)
  expect(await late).toBe(false)
  expect(clock.pending).toBe(0)
})
