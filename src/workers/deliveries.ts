import type { Deps } from '../modules/deps.ts'
import type { Deliveries } from '../modules/outbox/deliver-effects.ts'

/** How each kind of effect in the outbox is done; a row of another kind waits for a release that knows it. */
export const deliveriesOf = (_deps: Deps): Deliveries => ({})
