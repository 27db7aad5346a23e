import { expect, it } from 'vitest'

import { manualClock } from '../../ports/clock/fake.ts'
import { useTestDb } from '../../testing/db.ts'
import { addressSubject, limited, type LimitedSubject } from './limited.ts'
import { sweepSignIns } from './google-sign-in.ts'

const test = useTestDb()

let count = 0
const somebody = (): LimitedSubject => `user:${count++}`

/** How many of so many tries are let through. */
async function passed(tries: number, ask: (at: number) => Promise<void>): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: tries }, async (_, at) => ask(at)))
  return outcomes.filter(({ status }) => status === 'fulfilled').length
}

it('lets through what it allows, counted by all replicas together, and no more', async () => {
  const clock = manualClock()
  const replicas = [test.db, test.connectAgain()] as const
  const subject = somebody()
  const ask = async (at: number) => limited({ db: replicas[at % 2 ? 1 : 0], clock }, 'sign-in', subject)
  expect(await passed(60, ask)).toBe(30)
})

it('says how long to wait, and begins anew then', async () => {
  const clock = manualClock()
  const subject = somebody()
  const ask = async () => limited({ db: test.db, clock }, 'invitation', subject)
  expect(await passed(20, ask)).toBe(20)
  clock.advance(15_000)
  await expect(ask()).rejects.toMatchObject({ code: 'RATE_LIMITED', params: { retryAfterSeconds: 45 } })
  clock.advance(45_000)
  await expect(ask()).resolves.toBeUndefined()
})

it('counts everybody and everything apart', async () => {
  const deps = { db: test.db, clock: manualClock() }
  const [one, other] = [somebody(), somebody()]
  expect(await passed(40, async () => limited(deps, 'api-key', one))).toBe(30)
  await expect(limited(deps, 'api-key', other)).resolves.toBeUndefined()
  await expect(limited(deps, 'callback', one)).resolves.toBeUndefined()
})

it('takes one way of writing an address for another', async () => {
  const deps = { db: test.db, clock: manualClock() }
  const spellings = ['email:Ada@Example.com', 'email:ada@example.COM'] as const
  const ask = async (at: number) => limited(deps, 'invitation', spellings[at % 2 ? 1 : 0])
  expect(await passed(30, ask)).toBe(20)
})

it.each([
  ['203.0.113.7', 'address:203.0.113.7'],
  ['::ffff:203.0.113.7', 'address:203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', 'address:2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', 'address:2001:db8:1:2::/64'],
  ['2001:db8::9', 'address:2001:db8:0:0::/64'],
  ['2001:0db8:0001:0002::', 'address:2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'address:fe80:0:0:0::/64'],
])('counts %s as %s', (ip, subject) => {
  expect(addressSubject(ip)).toBe(subject)
})

it('keeps nobody’s address, and forgets what is over', async () => {
  const clock = manualClock()
  await limited({ db: test.db, clock }, 'sign-in', 'email:secret@example.com')
  expect(JSON.stringify(await test.db.prisma.rateLimit.findMany())).not.toContain('secret')
  clock.advance(3 * 3_600_000)
  expect(await sweepSignIns({ db: test.db, clock })).toBeGreaterThan(0)
  expect(await test.db.prisma.rateLimit.count()).toBe(0)
})
