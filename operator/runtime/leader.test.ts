import { expect, it } from 'vitest'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import { LeaderElector, LeadershipLostError } from './leader.ts'
import { FakeLease, leaseStore, ProcessClock, type LeaseFault } from './testing/fake-lease.ts'

const FINE: LeaseFault = { type: 'none', latencyMs: 10 }

interface Candidate {
  elector: LeaderElector
  clock: ProcessClock
  stop: AbortController
  /** What becomes of its calls from now on. */
  fault: LeaseFault
  events: string[]
  ended: Promise<unknown>
  /** Ends its work. */
  finish: () => void
}

function candidate(identity: string, lease: FakeLease, base: FakeClock): Candidate {
  const clock = new ProcessClock(base)
  const stop = new AbortController()
  const events: string[] = []
  const finished = Promise.withResolvers<void>()
  const made: Candidate = {
    clock,
    stop,
    events,
    fault: FINE,
    finish: finished.resolve,
  } as unknown as Candidate
  made.elector = new LeaderElector({
    lease: leaseStore(lease, clock, () => made.fault),
    identity,
    clock,
    random: () => 1,
    onError: (error) => events.push((error as Error).message),
  })
  made.ended = made.elector
    .lead(stop.signal, async (leading) => {
      events.push('leads')
      leading.addEventListener('abort', () => events.push('loses'), { once: true })
      await finished.promise
    })
    .then(
      () => events.push('ended'),
      (error: unknown) => {
        events.push((error as Error).name)
        return error
      },
    )
  return made
}

it('leads at once where nobody does, and renews every two seconds', async () => {
  const [base, lease] = [new FakeClock(), new FakeLease()]
  const one = candidate('one', lease, base)
  await base.advance(50)
  expect(one.events).toEqual(['leads'])
  expect(one.elector.isLeader()).toBe(true)
  expect(lease.record).toMatchObject({ holder: 'one', durationMs: 15_000, transitions: 0 })
  const acquiredAt = lease.record?.acquiredAt
  await base.advance(60_000)
  expect(lease.writes).toBeGreaterThanOrEqual(29)
  expect(lease.writes).toBeLessThanOrEqual(31)
  expect(lease.record?.acquiredAt).toEqual(acquiredAt)
  expect(lease.record?.renewedAt.getTime()).toBeGreaterThan(base.now().getTime() - 2_100)
})

it('gives the lease back at its end, and the next one takes it within a second', async () => {
  const [base, lease] = [new FakeClock(), new FakeLease()]
  const one = candidate('one', lease, base)
  await base.advance(50)
  const two = candidate('two', lease, base)
  await base.advance(5_000)
  expect(two.elector.isLeader()).toBe(false)
  one.finish()
  await base.advance(20)
  expect(lease.record).toMatchObject({ holder: '' })
  expect(one.elector.isLeader()).toBe(false)
  await base.advance(1_000)
  expect(one.events).toEqual(['leads', 'ended'])
  expect(two.events).toEqual(['leads'])
  expect(lease.record).toMatchObject({ holder: 'two', transitions: 2 - 1 })
})

it('takes the lease of one that died 15 seconds after it last changed, within two', async () => {
  const [base, lease] = [new FakeClock(), new FakeLease()]
  const one = candidate('one', lease, base)
  await base.advance(50)
  const two = candidate('two', lease, base)
  await base.advance(9_000)
  one.clock.freeze()
  const sinceChange = base.now().getTime() - (lease.record?.renewedAt.getTime() ?? 0)
  await base.advance(15_000 - sinceChange)
  expect(two.events).toEqual([])
  await base.advance(2_000)
  expect(two.events).toEqual(['leads'])
})

it('is not certain any more after ten seconds without a renewal, and takes part in nothing when it wakes up', async () => {
  const [base, lease] = [new FakeClock(), new FakeLease()]
  const one = candidate('one', lease, base)
  await base.advance(50)
  one.clock.freeze()
  await base.advance(9_900)
  expect(one.elector.isLeader()).toBe(true)
  await base.advance(100)
  expect(one.elector.isLeader()).toBe(false)
  const { writes } = lease
  await base.advance(20_000)
  one.clock.thaw()
  await base.advance(10)
  expect(one.elector.isLeader()).toBe(false)
  expect(one.events.slice(1)).toEqual(['loses', 'LeadershipLostError'])
  expect(await one.ended).toBeInstanceOf(LeadershipLostError)
  await base.advance(20_000)
  expect(lease.writes).toBe(writes)
})

it('counts its ten seconds from the beginning of a write, not from its answer', async () => {
  const [base, lease] = [new FakeClock(), new FakeLease()]
  const one = candidate('one', lease, base)
  // The read is on its way; the write begins when it is answered, 10 ms from now.
  one.fault = { type: 'none', latencyMs: 1_400 }
  await base.advance(2_000)
  expect(one.events).toEqual(['leads'])
  one.fault = { type: 'lost' }
  await base.advance(7_900)
  expect(one.elector.isLeader()).toBe(true)
  await base.advance(200)
  expect(one.elector.isLeader()).toBe(false)
})

it('outlives calls that hang, fail, or are applied without an answer, as long as one succeeds in time', async () => {
  const [base, lease] = [new FakeClock(), new FakeLease()]
  const one = candidate('one', lease, base)
  await base.advance(50)
  const faults: LeaseFault[] = [
    { type: 'lost' },
    { type: 'refused', status: 500 },
    { type: 'unanswered', latencyMs: 10 },
    { type: 'none', latencyMs: 2_500 },
  ]
  for (const fault of faults) {
    one.fault = fault
    await base.advance(5_500)
    one.fault = FINE
    await base.advance(4_000)
    expect(one.elector.isLeader(), fault.type).toBe(true)
  }
  expect(one.events.filter((event) => event === 'loses')).toEqual([])
  expect(one.events).toContain('The lease took longer than 3 s.')
})

it('loses the lead after ten seconds in which nothing succeeds', async () => {
  const [base, lease] = [new FakeClock(), new FakeLease()]
  const one = candidate('one', lease, base)
  await base.advance(50)
  one.fault = { type: 'refused', status: 503 }
  await base.advance(9_500)
  expect(one.events).not.toContain('loses')
  await base.advance(600)
  expect(one.events.slice(-2)).toEqual(['loses', 'LeadershipLostError'])
})

it('loses the lead at once when it sees that another holds it', async () => {
  const [base, lease] = [new FakeClock(), new FakeLease()]
  const one = candidate('one', lease, base)
  await base.advance(50)
  const record = lease.record
  if (record) lease.write({ ...record, holder: 'somebody' }, String(lease.version))
  await base.advance(2_100)
  expect(one.events.slice(-2)).toEqual(['loses', 'LeadershipLostError'])
  expect(lease.record?.holder).toBe('somebody')
})

it('finds out that it holds the lease when the answer to its first write was lost', async () => {
  const [base, lease] = [new FakeClock(), new FakeLease()]
  const one = candidate('one', lease, base)
  one.fault = { type: 'unanswered', latencyMs: 10 }
  lease.write(
    { holder: '', durationMs: 1_000, acquiredAt: new Date(0), renewedAt: new Date(0), transitions: 4 },
    undefined,
  )
  await base.advance(100)
  one.fault = FINE
  await base.advance(5_000)
  expect(one.events).toContain('leads')
})

it('respects a lease that is longer than its own', async () => {
  const [base, lease] = [new FakeClock(), new FakeLease()]
  const long = {
    holder: 'other',
    durationMs: 60_000,
    acquiredAt: new Date(0),
    renewedAt: new Date(0),
    transitions: 0,
  }
  lease.write(long, undefined)
  const one = candidate('one', lease, base)
  await base.advance(59_000)
  expect(one.events).toEqual([])
  await base.advance(2_000)
  expect(one.events).toEqual(['leads'])
})

it('gives up waiting when it is told to, and holds nothing then', async () => {
  const [base, lease] = [new FakeClock(), new FakeLease()]
  candidate('one', lease, base)
  await base.advance(50)
  const two = candidate('two', lease, base)
  await base.advance(3_000)
  two.stop.abort(new Error('enough'))
  await base.advance(10)
  expect(two.events).toEqual(['ended'])
  expect(lease.record?.holder).toBe('one')
})

it('gives the lease back when its work fails, and says why', async () => {
  const [base, lease] = [new FakeClock(), new FakeLease()]
  const elector = new LeaderElector({
    lease: leaseStore(lease, base, () => FINE),
    identity: 'one',
    clock: base,
    random: () => 0,
  })
  const led = elector.lead(new AbortController().signal, async () => {
    throw new Error('broken')
  })
  led.catch(() => {})
  await base.advance(100)
  await expect(led).rejects.toThrow('broken')
  expect(lease.record?.holder).toBe('')
  expect(base.pending).toBe(0)
})
