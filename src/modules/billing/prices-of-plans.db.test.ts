/** Prices that an installation or Stripe changes under people who pay by them. */
import { afterEach, expect, it } from 'vitest'

import { withPrices } from '../../contract/plans-file.ts'
import { DEFAULT_PLANS } from '../../contract/tiers.ts'
import { seedPlans } from '../../ports/db/seed-plans.ts'
import { subscribed } from '../../testing/billing-inputs.ts'
import { aTenant } from '../../testing/builders.ts'
import { useWorld } from '../../testing/world.ts'
import { foldCustomer } from './fold-customer.ts'

const world = useWorld({ isBillingEnabled: true })
const USUAL = 'business:month:price_business_month,enterprise:month:price_enterprise_month'
const plansBy = async (prices: string) => seedPlans(world.db, withPrices(DEFAULT_PLANS, prices))

afterEach(async () => plansBy(USUAL))

it('takes the prices of two plans, or of two intervals, that change places', async () => {
  await plansBy(USUAL)
  const tenant = await aTenant(world.db, { plan: 'free' })
  const customerId = await subscribed(world, tenant, 'price_business_month')
  await plansBy('business:month:price_enterprise_month,enterprise:month:price_business_month')
  await foldCustomer({ ...world.deps, stripe: world.stripe }, customerId)
  const { planId } = await world.db.prisma.organization.findUniqueOrThrow({ where: { id: tenant.orgId } })
  expect(planId).toBe('enterprise')
  await plansBy('business:month:p_1,business:year:p_2')
  await plansBy('business:month:p_2,business:year:p_1')
  expect(await world.db.prisma.plan.findUnique({ where: { id: 'business' } })).toMatchObject({
    stripePriceMonth: 'p_2',
    stripePriceYear: 'p_1',
  })
})
