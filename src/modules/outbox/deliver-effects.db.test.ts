import { expect, it } from 'vitest'

import { systemClock } from '../../ports/clock/system.ts'
import { newId } from '../../contract/ids.ts'
import { AppError } from '../../errors.ts'
import { useTestDb } from '../../testing/db.ts'
import { deliverEffects, pauseAfter, type Deliver, type Delivering } from './deliver-effects.ts'

const test = useTestDb()
const enter = async (kind: string, given: object = {}): Promise<string> => {
  const id = newId('out')
  await test.db.prisma.outbox.create({ data: { id, kind, key: id, payload: { of: kind }, ...given } })
  return id
}
const rowOf = async (id: string) => test.db.prisma.outbox.findUniqueOrThrow({ where: { id } })
const run = async (kind: string, deliver: Deliver, given: Partial<Delivering> = {}): Promise<number> =>
  deliverEffects(
    test,
    { [kind]: deliver },
    { worker: 'w', signal: new AbortController().signal, onFailure: () => undefined, ...given },
  )

it('does each effect once, however many workers there are', async () => {
  const kind = newId('out')
  const ids = await Promise.all(Array.from({ length: 40 }, async () => enter(kind)))
  const done: string[] = []
  const deliver: Deliver = async ({ id, payload }) => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(payload).toEqual({ of: kind })
    done.push(id)
  }
  const counts = await Promise.all(
    Array.from({ length: 5 }, async (_, n) => run(kind, deliver, { worker: `w${n}` })),
  )
  expect(done.toSorted()).toEqual(ids.toSorted())
  expect(counts.reduce((a, b) => a + b)).toBe(40)
  expect((await rowOf(ids[0] ?? '')).doneAt).not.toBeNull()
})

it('tries again what did not happen, later and later, and says why', async () => {
  const kind = newId('out')
  const id = await enter(kind)
  const fails: Deliver = async () => Promise.reject(new AppError('MAIL_UNAVAILABLE', {}))
  expect(await run(kind, fails)).toBe(0)
  const row = await rowOf(id)
  expect(row).toMatchObject({ attempts: 1, doneAt: null, givenUpAt: null, claimedBy: null })
  expect(row.error).toMatch(/^The mail server cannot be reached/)
  expect(row.sendAfter.getTime()).toBeGreaterThan(systemClock.nowMs() + 5_000)
  await test.db.prisma.outbox.update({ where: { id }, data: { sendAfter: new Date() } })
  expect(await run(kind, async () => undefined)).toBe(1)
  expect(await rowOf(id)).toMatchObject({ attempts: 2, error: null })
  expect(pauseAfter(3) / pauseAfter(1)).toBeGreaterThan(3)
  expect(pauseAfter(1_000)).toBeLessThan(4_000)
})

it('gives up what is refused for good, and what is three days old', async () => {
  const kind = newId('out')
  const refused = await enter(kind)
  await run(kind, async () => Promise.reject(new AppError('MAIL_REFUSED', { reason: '550 nobody' })))
  expect(await rowOf(refused)).toMatchObject({ error: expect.stringContaining('550 nobody') as string })
  const old = await enter(kind, { createdAt: new Date(systemClock.nowMs() - 4 * 86_400_000) })
  await run(kind, async () => Promise.reject(new Error('no words for people')))
  expect((await rowOf(old)).error).not.toContain('no words')
  for (const id of [refused, old]) expect((await rowOf(id)).givenUpAt).not.toBeNull()
  expect(await run(kind, async () => undefined)).toBe(0)
})

it('leaves what a dead worker had to another one, after its time', async () => {
  const kind = newId('out')
  const id = await enter(kind, { claimedBy: 'dead', claimedUntil: new Date(systemClock.nowMs() + 60_000) })
  expect(await run(kind, async () => undefined)).toBe(0)
  await test.db.prisma.outbox.update({
    where: { id },
    data: { claimedUntil: new Date(systemClock.nowMs() - 1) },
  })
  expect(await run(kind, async () => undefined)).toBe(1)
})

it('says nothing of an effect that was cut off by going down', async () => {
  const kind = newId('out')
  const id = await enter(kind)
  const stopping = new AbortController()
  const deliver: Deliver = async (_, signal) => {
    stopping.abort()
    signal.throwIfAborted()
    await Promise.resolve()
  }
  expect(await run(kind, deliver, { signal: stopping.signal })).toBe(0)
  expect(await rowOf(id)).toMatchObject({ error: null, doneAt: null, claimedBy: 'w' })
})

it('leaves kinds that this release does not know', async () => {
  const id = await enter('of a later release')
  await run('of this release', async () => undefined)
  expect(await rowOf(id)).toMatchObject({ attempts: 0, doneAt: null })
})
