/** Who runs the installation sees what Stripe has told, and has it worked on again. */
import { beforeEach, expect, it } from 'vitest'

import { randomBase32 } from '../../contract/ids.ts'
import { aTenant } from '../../testing/builders.ts'
import { useWorld } from '../../testing/world.ts'
import { anAccount } from '../billing/testing/account.ts'

const world = useWorld({ isBillingEnabled: true })

beforeEach(async () => void (await world.db.prisma.stripeEvent.deleteMany()))

async function anAdministrator() {
  const { userId: id } = await aTenant(world.db, { name: 'Root' })
  await world.db.prisma.user.update({ where: { id }, data: { platformAdmin: true } })
  return { id, api: await world.as(id) }
}

interface Given {
  customerId?: string
  outcome?: string
  error?: string
}

/** Received a second after the one before it. */
async function anEvent({ customerId, outcome, error }: Given = {}): Promise<string> {
  const id = `evt_${randomBase32(8)}`
  const before = await world.db.prisma.stripeEvent.count()
  const receivedAt = new Date(Date.UTC(2026, 0, 1, 0, 0, before))
  const given = { customerId: customerId ?? null, outcome: outcome ?? null, error: error ?? null }
  const processedAt = outcome === undefined ? null : receivedAt
  const plain = { type: 'invoice.paid', livemode: false, payload: {}, createdAt: receivedAt }
  await world.db.prisma.stripeEvent.create({ data: { id, receivedAt, processedAt, ...plain, ...given } })
  return id
}

it('lists events newest first, page by page, with whose they are', async () => {
  const { api } = await anAdministrator()
  const { orgId, customerId } = await anAccount(world)
  const first = await anEvent({ customerId, outcome: 'folded' })
  const second = await anEvent({ customerId: 'cus_of_nobody', outcome: 'unknown_customer' })
  const third = await anEvent({ customerId, error: 'Stripe cannot be reached.' })
  const page = await api.stripeInbox.list({ limit: 2 })
  expect(page).toMatchObject({
    waiting: 1,
    items: [
      { id: third, org: { id: orgId }, outcome: null, error: 'Stripe cannot be reached.', source: 'webhook' },
      { id: second, org: null, outcome: 'unknown_customer' },
    ],
  })
  const rest = await api.stripeInbox.list({ limit: 2, cursor: page.nextCursor ?? '' })
  expect(rest).toMatchObject({ items: [{ id: first }], nextCursor: null })
  const idsOf = async (which: 'waiting' | 'idle') =>
    (await api.stripeInbox.list({ which })).items.map(({ id }) => id)
  expect([await idsOf('waiting'), await idsOf('idle')]).toEqual([[third], [second]])
})

it('has nothing to list at first', async () => {
  const { api } = await anAdministrator()
  expect(await api.stripeInbox.list({})).toEqual({ items: [], nextCursor: null, waiting: 0 })
})

it('has an event worked on again, with an audit row, and knows no other', async () => {
  const { id: userId, api } = await anAdministrator()
  const eventId = await anEvent({ customerId: 'cus_1', outcome: 'unknown_customer' })
  expect(await api.stripeInbox.replay({ eventId })).toEqual({ id: eventId })
  expect(await world.db.prisma.stripeEvent.findUniqueOrThrow({ where: { id: eventId } })).toMatchObject({
    outcome: null,
    processedAt: null,
    attempts: 0,
  })
  const audit = await world.db.prisma.auditEvent.findMany({ where: { targetId: eventId } })
  expect(audit).toMatchObject([{ action: 'stripe-event:retry', actorId: userId, targetName: 'invoice.paid' }])
  await expect(api.stripeInbox.replay({ eventId: 'evt_unknown' })).rejects.toMatchObject({
    cause: { code: 'NOT_FOUND' },
  })
})

it('shows nothing of it to an owner', async () => {
  const { userId } = await aTenant(world.db)
  await expect((await world.as(userId)).stripeInbox.list({})).rejects.toMatchObject({
    cause: { code: 'NOT_FOUND' },
  })
})
