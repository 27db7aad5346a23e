/** However many webhooks come at once, each is kept and told so, and few statements keep them. */
import { expect, it, vi } from 'vitest'

import { AppError } from '../../errors.ts'
import type { StripeEventNotice } from '../../ports/stripe/port.ts'
import { useTestDb } from '../../testing/db.ts'
import { createIntake } from './intake.ts'

const database = useTestDb()
const inbox = { poke: vi.fn<() => void>() }

const anEvent = (id: string, payload: Record<string, unknown> = {}): StripeEventNotice => ({
  ...{ id, type: 'invoice.paid', isLive: false, createdAt: new Date(0), customerId: undefined, payload },
})
const kept = async () => (await database.db.prisma.stripeEvent.findMany()).map(({ id }) => id).toSorted()

it('keeps what comes at once in few statements, each event once', async () => {
  const intake = createIntake({ db: database.db, inbox })
  const ids = Array.from({ length: 120 }, (_, number) => `evt_${String(number).padStart(3, '0')}`)
  const statements = await database.statementsOf(async () =>
    Promise.all([...ids, ...ids].map(async (id) => intake(anEvent(id)))),
  )
  expect(await kept()).toEqual(ids)
  // One for the first that comes, and then fifty at a time.
  expect(statements).toHaveLength(1 + Math.ceil(239 / 50))
  expect(inbox.poke).toHaveBeenCalled()
})

it('tells who brings one that cannot be kept, and keeps the others', async () => {
  const intake = createIntake({ db: database.db, inbox })
  const events = [anEvent('evt_a'), anEvent('evt_b'), anEvent('evt_c', { text: '\0' }), anEvent('evt_d')]
  const told = await Promise.allSettled(events.map(intake))
  expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  expect(await kept()).toEqual(expect.arrayContaining(['evt_a', 'evt_b', 'evt_d']))
})

it('tells all when there is no database, after asking it once', async () => {
  const all = vi.fn<() => Promise<never>>(async () => {
    throw new AppError('DATABASE_UNAVAILABLE', {})
  })
  const intake = createIntake({ db: { ...database.db, all }, inbox })
  const told = await Promise.allSettled(['evt_x', 'evt_y', 'evt_z'].map(async (id) => intake(anEvent(id))))
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  // The first one alone, then the two that came meanwhile.
  expect(all).toHaveBeenCalledTimes(2)
})
