import { expect, it, onTestFinished } from 'vitest'
import { KubeError } from '../../src/kubernetes/kube-error.ts'
import { ApiModel } from '../../src/kubernetes/testing/api-model.ts'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import { ModelTransport } from '../../src/kubernetes/testing/model-transport.ts'
import type { KubeRequest } from '../../src/kubernetes/transport-types.ts'
import type { KubeObject } from './cluster.ts'
import { watched, type Reconcile } from './controller-types.ts'
import { Manager, type ManagerOptions } from './manager.ts'
import { done } from './result.ts'
import { FakeLease } from './testing/fake-lease.ts'
import { MemoryLog } from './testing/memory-log.ts'

/** The model of one kind for watches, and one Lease. */
class LeasedTransport extends ModelTransport {
  readonly lease = new FakeLease()

  override async request<T>({ method, body }: KubeRequest): Promise<T> {
    if (method === 'GET' && !this.lease.record)
      throw new KubeError({ status: 404, reason: 'NotFound', message: '' })
    const spec = (body as { spec?: { holderIdentity: string } } | undefined)?.spec
    if (spec) {
      const times = { acquiredAt: new Date(0), renewedAt: new Date(0), transitions: 0 }
      const version = method === 'POST' ? undefined : String(this.lease.version)
      this.lease.write({ holder: spec.holderIdentity, durationMs: 15_000, ...times }, version)
    }
    const metadata = { name: 'lease', resourceVersion: String(this.lease.version) }
    return { metadata, spec: { holderIdentity: this.lease.record?.holder, leaseDurationSeconds: 15 } } as T
  }
}

function stage(
  reconcile: Reconcile,
  options: Partial<ManagerOptions> = {},
): {
  clock: FakeClock
  model: ApiModel
  manager: Manager
  transport: LeasedTransport
  stop: AbortController
  log: MemoryLog
} {
  const clock = new FakeClock()
  const model = new ApiModel(clock)
  const transport = new LeasedTransport(model, { clock })
  const log = new MemoryLog()
  const manager = new Manager({
    transport,
    fieldManager: 'test',
    domain: 'example.org',
    log,
    leaderElection: { namespace: 'ns', name: 'lease' },
    probes: null,
    metrics: null,
    clock,
    random: () => 0.5,
    ...options,
  })
  const cache = manager.cluster.cache<KubeObject>({ kind: 'ConfigMap' })
  manager.add({
    name: 'test',
    primary: cache,
    watches: [watched(cache, ({ metadata }) => [metadata])],
    reconcile,
  })
  const stop = new AbortController()
  onTestFinished(() => stop.abort(new Error('over')))
  return { clock, model, manager, transport, stop, log }
}

it('waits for its watches, then for the lead, then works', async () => {
  const seen: string[] = []
  const { clock, model, manager, transport, stop, log } = stage(async ({ name }) => {
    seen.push(name)
    return done()
  })
  transport.faults.push({ type: 'timeout' })
  model.put('a')
  void manager.run(stop.signal)
  await clock.advance(5_000)
  expect([seen, transport.lease.record]).toEqual([[], undefined])
  await clock.advance(10_000)
  expect(seen).toEqual(['a'])
  expect(transport.lease.record?.holder).toBe(manager.identity)
  expect(log.lines.slice(-3, -1)).toEqual(['info All watches are filled.', 'info This replica leads.'])
})

it('ends in order: no new work, what is under way to its end, the lease back, the watches last', async () => {
  const finish = Promise.withResolvers<void>()
  const ends: string[] = []
  const { clock, model, manager, transport, stop } = stage(async ({ name }) => {
    await finish.promise
    ends.push(`${name} while ${manager.isLeader() ? 'leading' : 'not leading'}`)
    return done()
  })
  model.put('a')
  const running = manager.run(stop.signal)
  await clock.advance(1_000)
  stop.abort(new Error('stop'))
  await clock.advance(5_000)
  model.put('b')
  expect([ends, transport.open]).toEqual([[], 1])
  finish.resolve()
  await clock.advance(0)
  await running
  expect(ends).toEqual(['a while leading'])
  expect(transport.lease.record?.holder).toBe('')
  expect([transport.open, clock.pending]).toEqual([0, 0])
})

it('does not wait for ever for work that does not end', async () => {
  const signals: AbortSignal[] = []
  const { clock, model, manager, stop } = stage(async (_, { signal }) => {
    signals.push(signal)
    return new Promise(() => {})
  })
  model.put('a')
  const running = manager.run(stop.signal)
  await clock.advance(1_000)
  stop.abort(new Error('stop'))
  await clock.advance(19_000)
  expect(signals.map(({ aborted }) => aborted)).toEqual([false])
  await clock.advance(2_000)
  expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  await clock.advance(20_000)
  await running
})

it('ends with an error when the lead is lost, and aborts what is under way', async () => {
  const signals: AbortSignal[] = []
  const { clock, model, manager, transport, stop } = stage(async (_, { signal }) => {
    signals.push(signal)
    return new Promise(() => {})
  })
  model.put('a')
  const ended = manager.run(stop.signal).then(
    () => 'in order',
    (error: unknown) => String(error),
  )
  await clock.advance(1_000)
  transport.request = async () => {
    throw new KubeError({ status: 503, reason: 'ServiceUnavailable', message: 'down' })
  }
  await clock.advance(60_000)
  expect(await ended).toBe('LeadershipLostError: The lease could not be renewed in time.')
  expect(signals[0]?.aborted).toBe(true)
  expect(manager.isLeader()).toBe(false)
})

it('says what it has to say before the lease goes back, and waits for no event once the lead is lost', async () => {
  for (const isLost of [false, true]) {
    const { clock, model, manager, transport, stop } = stage(async () => {
      manager.cluster.event([...model.objects.values()][0] as KubeObject, {
        type: 'Normal',
        reason: 'Told',
        message: 'x',
      })
      return done()
    })
    const answered = transport.request.bind(transport)
    const told = Promise.withResolvers<unknown>()
    transport.request = async <T>(request: KubeRequest) =>
      request.path.includes('/events') ? ((await told.promise) as T) : answered<T>(request)
    model.put('a')
    const ended = manager.run(stop.signal).then(
      () => 'in order',
      () => 'lost',
    )
    await clock.advance(1_000)
    if (isLost) transport.request = async () => Promise.reject(new Error('down'))
    else stop.abort(new Error('stop'))
    await clock.advance(isLost ? 60_000 : 1_000)
    expect(await Promise.race([ended, Promise.resolve('waits')])).toBe(isLost ? 'lost' : 'waits')
    told.resolve(undefined)
    await clock.advance(0)
    expect(await ended).toBe(isLost ? 'lost' : 'in order')
  }
})

it('can be stopped before it has begun', async () => {
  const { clock, manager, transport, stop, log } = stage(async () => done())
  transport.faults.push({ type: 'timeout' })
  const running = manager.run(stop.signal)
  await clock.advance(1_000)
  stop.abort(new Error('stop'))
  await clock.advance(0)
  await running
  expect(log.lines.at(-1)).toBe('info Stopped before there was any work.')
  expect(transport.open).toBe(0)
})

it('works without a lease where it is the only replica, and shows how it is', async () => {
  const { clock, model, manager, stop } = stage(async () => new Promise(() => {}), {
    leaderElection: null,
    probes: { host: '127.0.0.1', port: 0 },
    metrics: { host: '127.0.0.1', port: 0 },
  })
  model.put('a')
  void manager.run(stop.signal)
  await expect.poll(() => manager.probesPort).toBeGreaterThan(0)
  await clock.advance(0)
  const ask = async (path: string): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${manager.probesPort}${path}`, {
      signal: AbortSignal.timeout(5_000),
    })
    return `${answer.status} ${await answer.text()}`
  }
  expect([await ask('/readyz'), await ask('/healthz')]).toEqual(['200 ok\n', '200 ok\n'])
  await clock.advance(16 * 60_000)
  expect(await ask('/healthz')).toBe('503 test: a reconcile has not ended for 15 minutes\n')
  const shown = await manager.metrics.registry.metrics()
  expect(shown).toContain('workqueue_depth{name="test"} 0')
  expect(shown).toContain('shipyard_watch_objects{resource="configmaps"} 1')
  expect(shown).toContain('leader_election_master_status{name="none"} 1')
})
