/** The inbox of Stripe's events, as who runs the installation sees it. */
import { z } from 'zod'

/**
 * What came of an event. `folded`: the organisation is as Stripe says. `ended`: its organisation was deleted, and nothing
 * is bought for it any more. The rest is kept without effect.
 */
export const EVENT_OUTCOMES = ['folded', 'ended', 'unknown_customer', 'no_customer', 'unknown_type'] as const
export const EventOutcome = z.enum(EVENT_OUTCOMES)
export type EventOutcome = z.infer<typeof EventOutcome>
