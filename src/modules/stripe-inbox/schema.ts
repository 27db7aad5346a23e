/** The inbox of Stripe's events, as who runs the installation sees it. */
import { z } from 'zod'

import { OrgId } from '../../contract/ids.ts'
import { wholeNumber } from '../../contract/text.ts'
import { input, Instant } from '../access/schema.ts'

/**
 * What came of an event. `folded`: the organisation is as Stripe says. `ended`: its organisation was deleted, and nothing
 * is bought for it any more. The rest is kept without effect.
 */
const EVENT_OUTCOMES = ['folded', 'ended', 'unknown_customer', 'no_customer', 'unknown_type'] as const
const EventOutcome = z.enum(EVENT_OUTCOMES)
export type EventOutcome = z.infer<typeof EventOutcome>

const EventId = z
  .string()
  .max(255)
  .regex(/^evt_\w+$/, 'The id of an event of Stripe’s begins with evt_.')

const MAX_PAGE = 100

export const ListInbox = input({
  /** `waiting`: not worked on, or not with success; `idle`: kept without effect. */
  which: z.enum(['all', 'waiting', 'idle']).default('all'),
  cursor: z.string().max(400).optional(),
  limit: wholeNumber('The size of a page', 1, MAX_PAGE).default(50),
})

const InboxEvent = z.object({
  id: EventId,
  /** Stripe's word, as `invoice.paid`. */
  type: z.string(),
  customerId: z.string().nullable(),
  /** Whose customer it is now. */
  org: z.object({ id: OrgId, name: z.string() }).nullable(),
  /** Told by Stripe, or found in its list because nobody had told it. */
  source: z.enum(['webhook', 'listed']),
  /** Stripe's time. */
  happenedAt: Instant,
  receivedAt: Instant,
  /** Null: it waits. */
  outcome: EventOutcome.nullable(),
  attempts: z.int(),
  /** Why the last attempt failed. */
  error: z.string().nullable(),
})
export type InboxEvent = z.infer<typeof InboxEvent>

/** Newest first. */
export const InboxPage = z.object({
  items: z.array(InboxEvent),
  nextCursor: z.string().nullable(),
  /** How many wait in all. */
  waiting: z.int(),
})

export const ReplayEvent = input({ eventId: EventId })
export const EventReplayed = z.object({ id: EventId })
