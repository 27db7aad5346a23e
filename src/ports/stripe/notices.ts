/** Events, as they are sent and as they are listed. */
import { Stripe } from 'stripe'

import { fail } from '../../errors.ts'
import { dateOf } from './from-stripe.ts'
import type { StripeEventNotice, StripePort } from './port.ts'

/** How old a signature may be, so that an event that was overheard cannot be sent again. Stripe's own default. */
const TOLERANCE_SECONDS = 300

/** Whose an event is: the customer that its object names, or is. */
export function noticeOf(event: Stripe.Event): StripeEventNotice {
  const object = event.data.object as { object?: unknown; id?: unknown; customer?: unknown }
  return {
    id: event.id,
    type: event.type,
    isLive: event.livemode,
    createdAt: dateOf(event.created),
    customerId: textOf(object.object === 'customer' ? object.id : object.customer),
    payload: event as unknown as Readonly<Record<string, unknown>>,
  }
}

function textOf(reference: unknown): string | undefined {
  if (typeof reference === 'string') return reference
  return typeof reference === 'object' && reference !== null && 'id' in reference
    ? textOf(reference.id)
    : undefined
}

export interface WebhookOptions {
  /** The present ones: two while one takes the place of the other. */
  readonly secrets: () => readonly string[]
  /** Whether the secret key is of live mode: events of the other one are not for this installation. */
  readonly isLive: () => boolean
  readonly nowMs: () => number
}

export function webhookReader({ secrets, isLive, nowMs }: WebhookOptions): StripePort['readWebhook'] {
  return ({ body, signature }) => {
    if (signature === undefined) return fail('WEBHOOK_REFUSED', { problem: 'it has no signature' })
    const isSigned = secrets().some((secret) => isSignedBy(secret, { body, signature, nowMs }))
    if (!isSigned)
      return fail('WEBHOOK_REFUSED', { problem: 'its signature is wrong, or older than 5 minutes' })
    const notice = noticeIn(body)
    if (notice.isLive === isLive()) return notice
    const [its, ours] = notice.isLive ? ['live', 'test'] : ['test', 'live']
    return fail('WEBHOOK_REFUSED', { problem: `it is of ${its} mode, and the secret key is of ${ours} mode` })
  }
}

function isSignedBy(
  secret: string,
  { body, signature, nowMs }: { body: Buffer; signature: string; nowMs: () => number },
): boolean {
  try {
    return (
      Stripe.webhooks.signature?.verifyHeader(
        // The same bytes for each secret, whatever they hold.
        body,
        signature,
        secret,
        TOLERANCE_SECONDS,
        undefined,
        nowMs(),
      ) ?? false
    )
  } catch {
    // Nonsense makes the package throw more than one kind of error, and anybody may send it.
    return false
  }
}

function noticeIn(body: Buffer): StripeEventNotice {
  const event = jsonIn(body)
  return isEvent(event) ? noticeOf(event) : fail('WEBHOOK_REFUSED', { problem: 'it holds no event' })
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function isEvent(value: unknown): value is Stripe.Event {
  const { object, id, type, created, data } = (value ?? {}) as Partial<Record<string, unknown>>
  const isNamed = object === 'event' && typeof id === 'string' && typeof type === 'string'
  const inner = typeof data === 'object' && data !== null && 'object' in data ? data.object : undefined
  return isNamed && typeof created === 'number' && typeof inner === 'object' && inner !== null
}
