/** A leader freezes in the middle of its work and wakes up when another one leads: it writes nothing more. */
import { expect, it } from 'vitest'

import { pause } from '../../src/kubernetes/clock.ts'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import type { Transport } from '../../src/kubernetes/transport-types.ts'
import { Caches } from './caches.ts'
import { EventRecorder } from './events.ts'
import { LeaderElector } from './leader.ts'
import { LiveCluster } from './live-cluster.ts'
import { RuntimeMetrics } from './metrics.ts'
import { FakeLease, leaseStore, ProcessClock } from './testing/fake-lease.ts'
import { MemoryLog } from './testing/memory-log.ts'

const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'ns' } }
const live = { ...object, metadata: { ...object.metadata, uid: 'u', resourceVersion: '1' } }

/** Writes every so often while it leads, and goes on trying after that, as a reconcile does that nobody stopped. */
const PERIOD_MS = 300

function replica(name: string, base: FakeClock, lease: FakeLease, writes: string[]): { clock: ProcessClock } {
  const clock = new ProcessClock(base)
  const transport = {
    request: async () => {
      writes.push(name)
      return live
    },
  } as unknown as Transport
  const store = leaseStore(lease, clock, () => ({ type: 'none', latencyMs: 20 }))
  const elector = new LeaderElector({ lease: store, identity: name, clock, random: () => 0.5 })
  const cluster = new LiveCluster({
    transport,
    fieldManager: 'operator',
    hashAnnotation: 'example.org/applied',
    caches: new Caches({ transport, clock, random: () => 0, log: new MemoryLog() }),
    events: new EventRecorder({ transport, clock, controller: 'x', instance: name }),
    metrics: new RuntimeMetrics({ process: false }),
    mayWrite: () => elector.isLeader(),
  })
  const attempts = [
    async () => cluster.apply(object, { live: undefined }),
    async () => cluster.applyStatus({ ...object, status: {} }, { live: undefined }),
    async () => cluster.delete(live),
    async () => cluster.event(live, { type: 'Normal', reason: 'Told', message: 'something' }),
  ]
  const work = async (): Promise<void> => {
    for (let turn = 0; ; turn++) {
      await pause(clock, PERIOD_MS, new AbortController().signal)
      await attempts[turn % attempts.length]?.().catch(() => undefined)
    }
  }
  elector.lead(new AbortController().signal, work).catch(() => undefined)
  return { clock }
}

it.each([5_000, 9_000, 12_000, 30_000, 100_000])(
  'writes nothing after %d ms of frost when another leads',
  async (frostMs) => {
    const [base, lease] = [new FakeClock(), new FakeLease()]
    const writes: string[] = []
    const first = replica('first', base, lease, writes)
    await base.advance(100)
    replica('second', base, lease, writes)
    await base.advance(4_000)
    first.clock.freeze()
    await base.advance(frostMs)
    first.clock.thaw()
    await base.advance(60_000)
    const takenOver = writes.indexOf('second')
    expect(writes.slice(0, 4)).toEqual(['first', 'first', 'first', 'first'])
    expect(takenOver === -1 ? [] : writes.slice(takenOver).filter((who) => who === 'first')).toEqual([])
    // A short frost is no reason to give up.
    expect(takenOver === -1).toBe(frostMs < 10_000)
  },
)
