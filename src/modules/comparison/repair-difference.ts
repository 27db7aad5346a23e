/** Mends one difference. Each way is harmless where there is nothing to mend: it makes so what is true now. */
import type { OrgId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import { foldCustomer, withStripe } from '../billing/fold-customer.ts'
import { isAlive } from '../billing/fold-subscriptions.ts'
import type { Deps } from '../deps.ts'
import type { Repair, Repaired } from './schema.ts'
import { note, recount, repushAll } from './store.ts'

type Needed = Pick<Deps, 'db' | 'mail' | 'clock' | 'settings' | 'pushes' | 'effects' | 'stripe'>

/** @throws {AppError} STRIPE_UNAVAILABLE, STRIPE_REFUSED; CONFLICT when a subscription is somebody's after all */
export async function repairDifference(
  deps: Needed,
  by: Pick<Caller, 'actor' | 'requestId' | 'origin'>,
  repair: Repair,
): Promise<Repaired> {
  const about = 'orgId' in repair ? repair.orgId : repair.customerId
  const { activityId: _, ...audit } = auditOf(by)
  await note(deps.db, {
    ...audit,
    ...('orgId' in repair ? { orgId: repair.orgId } : {}),
    targetId: about,
    targetName: about,
    detail: { how: repair.how, about: 'subscriptionId' in repair ? repair.subscriptionId : about },
  })
  return { outcome: (await mend(deps, repair)) ? 'done' : 'gone' }
}

async function mend(deps: Needed, repair: Repair): Promise<boolean> {
  if (repair.how === 'recount') return recount(deps.db, repair.orgId)
  if (repair.how === 'push') return pushAll(deps, repair.orgId)
  const billing = withStripe(deps)
  if (!billing) return fail('STRIPE_UNAVAILABLE', {}, { because: 'billing is off' })
  const outcome = await foldCustomer(billing, repair.customerId)
  if (repair.how === 'fold' || outcome === 'ended') return outcome !== 'unknown_customer'
  if (outcome !== 'unknown_customer')
    fail('CONFLICT', { what: 'subscription' }, { because: 'it is somebody’s' })
  const { customerId, subscriptionId } = repair
  const all = await billing.stripe.listSubscriptions(customerId)
  const found = all.find(({ id }) => id === subscriptionId)
  if (!found || !isAlive(found) || found.orgId === undefined) return false
  await billing.stripe.cancelNow({ key: `cancel:${subscriptionId}`, subscriptionId })
  return true
}

async function pushAll({ db, pushes }: Needed, orgId: OrgId): Promise<boolean> {
  const pushed = await repushAll(db, orgId)
  pushes.poke()
  return pushed > 0
}
