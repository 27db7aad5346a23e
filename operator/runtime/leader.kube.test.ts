import { expect, it } from 'vitest'
import { getObject } from '../../src/kubernetes/apply.ts'
import { systemClock } from '../../src/kubernetes/clock.ts'
import { RESOURCES } from '../../src/kubernetes/resources.ts'
import { newNamespace, realTransport } from '../../src/kubernetes/testing/real-cluster.ts'
import { LeaderElector } from './leader.ts'
import { kubeLease } from './lease.ts'
import { ProcessClock } from './testing/fake-lease.ts'

/** Shortened to a fifth, in the same proportions. */
const TIMES = { leaseMs: 3_000, renewMs: 2_000, retryMs: 400, attemptMs: 600, pollMs: 160 }

it('is led by one at a time on a real Lease: handed over in order, and taken from one that froze', async () => {
  const transport = realTransport()
  const namespace = await newNamespace(transport)
  const name = { namespace, name: 'operator' }
  const electors: LeaderElector[] = []
  const candidate = (
    identity: string,
  ): { clock: ProcessClock; finish: () => void; led: Promise<void>; leads: () => boolean } => {
    const clock = new ProcessClock(systemClock)
    const finished = Promise.withResolvers<void>()
    const elector = new LeaderElector({
      lease: kubeLease(transport, name, clock),
      identity,
      clock,
      random: Math.random,
      ...TIMES,
    })
    electors.push(elector)
    const led = elector.lead(new AbortController().signal, async () => finished.promise)
    led.catch(() => {}) // looked at below where it matters
    return { clock, led, finish: finished.resolve, leads: () => elector.isLeader() }
  }
  let most = 0
  const looking = setInterval(
    () => (most = Math.max(most, electors.filter((each) => each.isLeader()).length)),
    10,
  )

  const first = candidate('first')
  await expect.poll(first.leads).toBe(true)
  const second = candidate('second')
  const lease = await getObject(transport, RESOURCES.Lease, name)
  expect(lease).toMatchObject({
    spec: {
      holderIdentity: 'first',
      leaseDurationSeconds: 3,
      leaseTransitions: 0,
      renewTime: expect.stringMatching(/\d{6}Z$/),
    },
  })

  const handedOver = performance.now()
  first.finish()
  await first.led
  await expect.poll(second.leads, { interval: 20 }).toBe(true)
  expect(performance.now() - handedOver).toBeLessThan(3_000)

  const third = candidate('third')
  second.clock.freeze()
  const frozen = performance.now()
  await expect.poll(third.leads, { timeout: 20_000, interval: 20 }).toBe(true)
  expect(performance.now() - frozen).toBeGreaterThan(TIMES.leaseMs - TIMES.retryMs - 500)
  second.clock.thaw()
  await expect(second.led).rejects.toThrow('The lease could not be renewed in time.')
  clearInterval(looking)
  expect(most).toBe(1)
  third.finish()
  await third.led
  expect(await getObject(transport, RESOURCES.Lease, name)).toMatchObject({
    spec: { holderIdentity: '', leaseTransitions: 2 },
  })
})
