/** What does not agree is found and mended, and what cannot be looked at is said. */
import { afterEach, expect, it } from 'vitest'

import { LABELS } from '../../contract/crd/meta.ts'
import { aTenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'
import type { Deps } from '../deps.ts'
import { pushAll } from '../usage/testing/metered.ts'
import { repairDifference } from './repair-difference.ts'
import { lastComparison, runComparison } from './run-comparison.ts'
import type { Difference } from './schema.ts'

const world = useWorld({ isBillingEnabled: true })

afterEach(() => world.kube.setDown(false))

const deps = (): Deps => {
  const view = world.kube.watchUserDeployments()
  return {
    ...world.deps,
    facts: { cluster: () => 'live', of: (key) => view.get(key), all: () => view.list() },
  }
}
async function by() {
  const { userId } = await aTenant(world.db, { name: 'Root' })
  const caller = await (await world.contextOf(userId)).find()
  if (!caller) throw new Error('Nobody is signed in.')
  return { actor: caller.actor, requestId: 'req_test' }
}
async function found(text: string): Promise<Difference[]> {
  const { differences } = await runComparison(deps())
  return differences.filter((each) => JSON.stringify(each).includes(text))
}

it('finds counters that are wrong, and counts again', async () => {
  const { orgId } = await aTenant(world.db)
  expect(await found(orgId)).toEqual([])
  await world.db.prisma.organization.update({ where: { id: orgId }, data: { teamsUsed: 7 } })
  const [difference] = await found(orgId)
  expect(difference).toMatchObject({ kind: 'CountersDiffer', detail: 'teams: 7, counted 1' })
  const repair = difference?.repair ?? { how: 'recount' as const, orgId }
  expect(await repairDifference(deps(), await by(), repair)).toEqual({ outcome: 'done' })
  expect(await found(orgId)).toEqual([])
  const audit = await world.db.prisma.auditEvent.findMany({
    where: { targetId: orgId, action: 'billing:repair' },
  })
  expect(audit).toMatchObject([{ detail: { how: 'recount' }, requestId: 'req_test' }])
})

it('finds what runs of an organisation that may not, and has it written again', async () => {
  const tenant = await aTenant(world.db)
  const { orgId } = tenant
  const id = await deployed(world, tenant)
  await pushAll(world)
  await world.db.prisma.organization.update({ where: { id: orgId }, data: { suspendedAt: new Date(0) } })
  // As when a server said that it had written what it had not.
  const { generation } = await world.db.prisma.deployment.findUniqueOrThrow({ where: { id } })
  await world.db.prisma.deployment.update({ where: { id }, data: { pushedGeneration: generation } })
  const [difference] = await found(orgId)
  expect(difference).toMatchObject({ kind: 'RunsWithoutRight', repair: { how: 'push', orgId } })
  await repairDifference(deps(), await by(), { how: 'push', orgId })
  expect(await found(orgId)).toEqual([])
  await pushAll(world)
  expect(await found(orgId)).toEqual([])
  const resource = world.kube
    .watchUserDeployments()
    .list()
    .find(({ metadata }) => metadata.labels?.[LABELS.deploymentId] === id)
  expect(resource?.spec.suspended).toBe(true)
})

it('finds a subscription that Stripe has and nobody wrote, and writes it', async () => {
  const tenant = await aTenant(world.db, { plan: 'free' })
  const { orgId } = tenant
  const { stripe } = world
  const customer = await stripe.createCustomer({ key: orgId, orgId, name: 'Ada', email: tenant.email })
  await world.db.prisma.organization.update({ where: { id: orgId }, data: { stripeCustomerId: customer.id } })
  const checkout = await stripe.createCheckout({
    ...{ key: 'k', orgId, customerId: customer.id, priceId: 'price_business_month', trialDays: 0 },
    ...{ successUrl: 'https://x.example/a', cancelUrl: 'https://x.example/b' },
  })
  stripe.account.completeCheckout(checkout.id)
  const [difference] = await found(customer.id)
  expect(difference).toMatchObject({ kind: 'SubscriptionDiffers', repair: { how: 'fold' } })
  await repairDifference(deps(), await by(), { how: 'fold', customerId: customer.id })
  expect(await found(customer.id)).toEqual([])
  expect(await world.db.prisma.organization.findUniqueOrThrow({ where: { id: orgId } })).toMatchObject({
    planId: 'business',
  })
})

it('says what it could not look at, keeps what it saw, and looks again for who asks', async () => {
  world.kube.setDown(true)
  const report = await runComparison(deps())
  expect(report.blind.map(({ place }) => place)).toEqual(['cluster'])
  expect((await lastComparison(deps())).last).toEqual(report)
  for (let run = 0; run < 32; run++) await runComparison(deps())
  expect(await world.db.prisma.comparison.count()).toBeLessThanOrEqual(30)
})
