/** What Stripe keeps of an organisation, and its own page for it. */
import type { Caller } from '../access/actor.ts'
import { customerOf, note, stripeOf, type Needed } from './paying.ts'
import type { Invoices, PaymentMethods } from './schema.ts'
import { findBilling } from './store.ts'

/** @throws {AppError} BILLING_OFF, NOT_SUBSCRIBED, STRIPE_UNAVAILABLE, STRIPE_REFUSED */
export async function openPortal(deps: Needed, caller: Caller): Promise<{ url: string }> {
  const stripe = stripeOf(deps)
  const { stripeCustomerId: customerId, orgId } = await customerOf(deps, caller)
  const returnUrl = `${deps.settings.baseUrl}/orgs/${encodeURIComponent(orgId)}/billing?checkout=done`
  const { url } = await stripe.createPortal({ customerId, returnUrl })
  await note(deps, caller, { did: 'portal' })
  return { url }
}

/** None where nobody ever paid. @throws {AppError} STRIPE_UNAVAILABLE, STRIPE_REFUSED */
export async function listInvoices({ db, stripe }: Needed, { scope }: Caller): Promise<Invoices> {
  const { stripeCustomerId } = await findBilling(db, scope.orgId)
  if (!stripe || stripeCustomerId === null) return []
  return (await stripe.listInvoices(stripeCustomerId)).map((each) => ({
    ...{ id: each.id, status: each.status, total: each.total, currency: each.currency },
    number: each.number ?? null,
    createdAt: each.createdAt.toISOString(),
    pageUrl: each.pageUrl ?? null,
    pdfUrl: each.pdfUrl ?? null,
  }))
}

/** None where nobody ever paid. @throws {AppError} STRIPE_UNAVAILABLE, STRIPE_REFUSED */
export async function listPaymentMethods({ db, stripe }: Needed, { scope }: Caller): Promise<PaymentMethods> {
  const { stripeCustomerId } = await findBilling(db, scope.orgId)
  if (!stripe || stripeCustomerId === null) return []
  return (await stripe.listPaymentMethods(stripeCustomerId)).map((each) => ({
    ...{ id: each.id, type: each.type, isDefault: each.isDefault },
    brand: each.brand ?? null,
    last4: each.last4 ?? null,
    expires: each.expires ?? null,
  }))
}
