/**
 * A {@link StripePort} over an account in memory ({@link StripeAccount}): the adapter itself, whose requests are answered
 * without a network. For tests of use-cases and loops; `world.stripe` is one.
 */
import type { Clock } from '../../ports/clock/port.ts'
import type { StripePort } from '../../ports/stripe/port.ts'
import { createStripe } from '../../ports/stripe/stripe.ts'
import type { Answered, Sent } from '../../ports/stripe/transport.ts'
import { createStripeAccount, type StripeAccount } from './account.ts'
import { createApi } from './api.ts'
import type { EventDoc } from './documents.ts'
import { signatureOf } from './signature.ts'

export const WEBHOOK_SECRET = 'whsec_of_the_fake'

export interface FakeStripe extends StripePort {
  /** What Stripe knows, and what people and time do there. */
  readonly account: StripeAccount
  /** Nobody answers: every call says STRIPE_UNAVAILABLE. */
  isAway: boolean
  /** Every call is refused with these words: STRIPE_REFUSED. */
  refusal: string | undefined
  /** The next so many calls are carried out, and their answers are lost: STRIPE_UNAVAILABLE. */
  lostAnswers: number
  /** Waited for before a call is answered, as `async () => undefined` unless told; a test may hold calls up by it. */
  beforeAnswer: (call: string) => Promise<void>
  /** Every call that reached Stripe, as `POST /v1/customers`. */
  readonly calls: readonly string[]
  /** What Stripe would post for an event: by default the newest one, signed now (by the account) with {@link WEBHOOK_SECRET}. */
  webhook(event?: EventDoc, signing?: Signing): { readonly body: Buffer; readonly signature: string }
}

interface Signing {
  readonly secret?: string
  readonly at?: Date
}

/** @param clock the account begins at its time and runs on by it; `account.advanceTo` moves only the account */
export function createFakeStripe(clock: Clock): FakeStripe {
  const account = createStripeAccount({ clock })
  const api = createApi(account)
  const calls: string[] = []
  const answer = async (sent: Sent): Promise<Answered> => {
    if (fake.isAway) throw new Error('connect ECONNREFUSED')
    const path = sent.url.replace(/^https?:\/\/[^/]+/, '')
    const call = `${sent.method} ${path.replace(/\?.*/, '')}`
    calls.push(call)
    await fake.beforeAnswer(call)
    if (fake.refusal !== undefined) return refused(fake.refusal)
    const idempotencyKey = sent.headers['Idempotency-Key']
    const { status, json } = api({ method: sent.method, path, body: sent.body, idempotencyKey })
    if (fake.lostAnswers > 0) {
      fake.lostAnswers -= 1
      throw new Error('the answer was lost')
    }
    return { status, headers: {}, text: JSON.stringify(json) }
  }
  const port = createStripe({
    secretKey: { value: 'sk_test_of_the_fake' },
    webhookSecret: { value: WEBHOOK_SECRET },
    // Stripe's time and the server's are the same in the world.
    clock: { ...clock, nowMs: () => account.now().getTime() },
    retries: 0,
    carrier: answer,
  })
  const fake: FakeStripe = {
    ...port,
    account,
    isAway: false,
    refusal: undefined,
    lostAnswers: 0,
    beforeAnswer: async () => undefined,
    calls,
    webhook(event = account.events.at(-1), { secret = WEBHOOK_SECRET, at = account.now() } = {}) {
      const body = Buffer.from(JSON.stringify(event))
      return { body, signature: signatureOf(body, { secret, at }) }
    },
  }
  return fake
}

const refused = (message: string): Answered => ({
  status: 400,
  headers: {},
  text: JSON.stringify({ error: { type: 'invalid_request_error', message } }),
})
