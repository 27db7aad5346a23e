/** An organisation with its customer at the fake of Stripe's. */
import { aTenant, type Tenant } from '../../../testing/builders.ts'
import type { World } from '../../../testing/world.ts'

export interface Account extends Tenant {
  readonly customerId: string
}

/** Plans have the prices that the fake sells. */
export async function pricedPlans({ db }: Pick<World, 'db'>): Promise<void> {
  for (const id of ['business', 'enterprise']) {
    const data = { stripePriceMonth: `price_${id}_month`, stripePriceYear: `price_${id}_year` }
    await db.prisma.plan.update({ where: { id }, data })
  }
}

/** Of the free plan, with a customer who has bought nothing. */
export async function anAccount({ db, stripe }: Pick<World, 'db' | 'stripe'>): Promise<Account> {
  const tenant = await aTenant(db, { plan: 'free' })
  const { orgId, email } = tenant
  const { id: customerId } = await stripe.createCustomer({
    key: orgId,
    orgId,
    name: 'Ada and friends',
    email,
  })
  await db.prisma.organization.update({ where: { id: orgId }, data: { stripeCustomerId: customerId } })
  return { ...tenant, customerId }
}
