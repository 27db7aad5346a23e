/** Good inputs of the procedures about paying (see procedure-inputs.ts), with a customer at the fake of Stripe. */
import { foldCustomer } from '../modules/billing/fold-customer.ts'
import type { Input, Place } from './place.ts'
import type { World } from './world.ts'

/** The organisation as one that pays, for the largest plan unless told. @returns the customer */
export async function subscribed(
  world: World,
  { orgId, userId }: Pick<Place, 'orgId' | 'userId'>,
  priceId = 'price_enterprise_month',
): Promise<string> {
  const { db, stripe } = world
  const { email } = await db.prisma.user.findUniqueOrThrow({ where: { id: userId } })
  const { id: customerId } = await stripe.createCustomer({ key: `of ${orgId}`, orgId, name: 'Ada', email })
  await db.prisma.organization.update({ where: { id: orgId }, data: { stripeCustomerId: customerId } })
  const isPaying = (await stripe.listSubscriptions(customerId)).length > 0
  if (!isPaying) stripe.account.subscribe({ customerId, priceId, metadata: { orgId }, card: 'pays' })
  await foldCustomer({ ...world.deps, stripe }, customerId)
  return customerId
}

const paying =
  (more: object = {}): Input =>
  async (place) => {
    await subscribed(place.world, place)
    return { orgId: place.orgId, ...more }
  }

/** A page to pay on is for who does not pay yet. */
const another: Input = async ({ world, userId }) => {
  const { id: orgId } = await (await world.as(userId)).orgs.create({ name: 'Another' })
  return { orgId, plan: 'business', interval: 'month' }
}

export const BILLING_INPUTS: Readonly<Record<string, Input>> = {
  'billing.overview': paying(),
  'billing.deployments': paying(),
  'billing.invoices': paying(),
  'billing.paymentMethods': paying(),
  'billing.previewChange': paying({ plan: 'business', interval: 'month' }),
  'billing.checkout': another,
  'billing.portal': paying(),
  'billing.changePlan': async (place) => {
    await subscribed(place.world, place)
    const wanted = { orgId: place.orgId, plan: 'enterprise', interval: 'year' } as const
    const { prorationAt } = await (await place.world.as(place.userId)).billing.previewChange(wanted)
    return { ...wanted, prorationAt }
  },
  'billing.cancel': paying(),
  'billing.resume': paying(),
  'billing.chooseFree': ({ orgId }) => ({ orgId }),
  'billing.keep': ({ orgId, id }) => ({ orgId, keep: [id] }),
}
