import { deliverEnd, deliverStep } from '../modules/billing/deliver.ts'
import type { Deps } from '../modules/deps.ts'
import { deliverInvitation } from '../modules/invitations/deliver-invitation.ts'
import type { Deliveries } from '../modules/outbox/deliver-effects.ts'
import { deliverBudget } from '../modules/usage/deliver-budget.ts'

/** How each kind of effect in the outbox is done; a row of another kind waits for a release that knows it. */
export const deliveriesOf = (deps: Deps): Deliveries => ({
  'billing-end': deliverEnd(deps),
  'billing-step': deliverStep(deps),
  budget: deliverBudget(deps),
  invitation: deliverInvitation(deps),
})
