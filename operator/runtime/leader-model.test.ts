/** Two replicas and one Lease; processes freeze, die and come back, calls get lost. Never do two lead. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import { LeaderElector } from './leader.ts'
import { FakeLease, leaseStore, ProcessClock, type LeaseFault } from './testing/fake-lease.ts'

const fault: fc.Arbitrary<LeaseFault> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('none' as const), latencyMs: fc.nat(4_000) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('lost' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('unanswered' as const), latencyMs: fc.nat(6_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('refused' as const), status: fc.constantFrom(409, 500, 429) }),
  },
)
const who = fc.nat(1)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('wait' as const), milliseconds: fc.nat(9_000) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('freeze' as const, 'thaw' as const), who }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('kill' as const, 'stop' as const), who }) },
)
const clocks = fc.record({
  rate: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
  wallOffsetMs: fc.integer({ min: -1e9, max: 1e9 }),
})
const script = fc.record({
  steps: fc.array(step, { maxLength: 25 }),
  faults: fc.array(fault, { maxLength: 40 }),
  clocks: fc.tuple(clocks, clocks),
})
type Script = typeof script extends fc.Arbitrary<infer T> ? T : never

type MakeProcess = () => { clock: ProcessClock; elector: (identity: string) => LeaderElector }

/** One place for a process: when its process has ended, the next one starts there with a new name. */
class Replica {
  elector: LeaderElector | undefined
  clock: ProcessClock
  #stop = new AbortController()
  #number = 0
  readonly #make: MakeProcess
  readonly #name: string

  constructor(name: string, make: MakeProcess) {
    this.#name = name
    this.#make = make
    this.clock = make().clock
    this.start()
  }

  start(): void {
    const { clock, elector } = this.#make()
    const stop = new AbortController()
    const current = elector(`${this.#name}-${++this.#number}`)
    this.clock = clock
    this.#stop = stop
    this.elector = current
    const untilStopped = async (): Promise<void> => {
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }))
    }
    const restart = (): void => {
      if (this.elector === current) this.start()
    }
    void current.lead(stop.signal, untilStopped).then(restart, restart)
  }

  /** Without a word: nothing of it ever runs again. */
  kill(): void {
    this.clock.freeze()
    this.start()
  }

  /** In order: it gives back what it holds, and a new one starts. */
  stop(): void {
    this.#stop.abort(new Error('stopped'))
  }
}

/** Looks so often whether two lead. */
const LOOK_MS = 200

async function play({ steps, faults, clocks: [first, second] }: Script): Promise<void> {
  const base = new FakeClock()
  const lease = new FakeLease()
  const left = [...faults]
  const all: LeaderElector[] = []
  const make = (clockOptions: typeof first) => () => {
    const clock = new ProcessClock(base, clockOptions)
    const elector = (identity: string): LeaderElector => {
      const store = leaseStore(lease, clock, () => left.shift() ?? { type: 'none', latencyMs: 20 })
      const made = new LeaderElector({ lease: store, identity, clock, random: () => 0.5 })
      all.push(made)
      return made
    }
    return { clock, elector }
  }
  const replicas = [new Replica('a', make(first)), new Replica('b', make(second))]
  const leaders = (): number => all.filter((elector) => elector.isLeader()).length
  const pass = async (milliseconds: number): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += LOOK_MS) {
      await base.advance(Math.min(LOOK_MS, milliseconds - passed))
      // Frozen and killed ones count too: a write of theirs may be on its way.
      expect(leaders()).toBeLessThanOrEqual(1)
    }
  }
  for (const each of steps) {
    if (each.type === 'wait') await pass(each.milliseconds)
    else act(replicas[each.who], each.type)
  }
  left.length = 0
  for (const replica of replicas) replica.clock.thaw()
  // A lease to go stale, by a clock that may be slow, and a few attempts.
  await pass(40_000)
  expect(leaders()).toBe(1)
}

function act(replica: Replica | undefined, what: 'freeze' | 'thaw' | 'kill' | 'stop'): void {
  if (what === 'freeze') replica?.clock.freeze()
  else if (what === 'thaw') replica?.clock.thaw()
  else replica?.[what]()
}

it('never has two leaders, and soon one again', async () => {
  await fc.assert(fc.asyncProperty(script, play), { numRuns: 200 })
})
