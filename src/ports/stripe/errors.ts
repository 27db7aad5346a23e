import { Stripe } from 'stripe'

import { fail } from '../../errors.ts'

const {
  StripeAuthenticationError,
  StripeCardError,
  StripeError,
  StripeIdempotencyError,
  StripeInvalidRequestError,
  StripePermissionError,
} = Stripe.errors

/** Two requests at once for the same thing: the later one may come again. https://docs.stripe.com/error-codes */
const LATER = ['lock_timeout', 'idempotency_key_in_use', 'rate_limit']

/**
 * What a call of the package says, or an {@link AppError}. The package's errors hold headers and whole answers, so none
 * of them goes to the log as a cause.
 *
 * @throws {AppError} STRIPE_UNAVAILABLE, STRIPE_REFUSED
 */
export async function called<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call
  } catch (error) {
    return refuse(error)
  }
}

/** @throws {AppError} STRIPE_UNAVAILABLE, STRIPE_REFUSED; what is no error of Stripe's goes on as it is */
export function refuse(error: unknown): never {
  if (!(error instanceof StripeError)) throw error
  const because = sentenceOf(error)
  if (error instanceof StripeAuthenticationError || error instanceof StripePermissionError)
    fail('STRIPE_UNAVAILABLE', {}, { because: `Stripe does not take STRIPE_SECRET_KEY: ${because}` })
  if (isForGood(error)) fail('STRIPE_REFUSED', { reason: reasonOf(error) }, { because })
  return fail('STRIPE_UNAVAILABLE', {}, { because })
}

const isForGood = (error: Stripe.errors.StripeError): boolean =>
  (error instanceof StripeCardError ||
    error instanceof StripeInvalidRequestError ||
    error instanceof StripeIdempotencyError) &&
  !LATER.includes(error.code ?? '') &&
  error.statusCode !== 409

/** Whether Stripe says that there is no such thing. */
export const isMissing = (error: unknown): boolean =>
  error instanceof StripeInvalidRequestError && error.code === 'resource_missing'

/** Whether Stripe refuses for good what was asked. */
export const isRefusal = (error: unknown): boolean => error instanceof StripeInvalidRequestError

/** Stripe's words for people, without a full stop: a sentence of ours goes around them. */
const reasonOf = ({ message }: Error): string => message.slice(0, 300).replace(/\.$/, '')

/** With why there was no connection, where there was none. */
const sentenceOf = ({ type, code, requestId, message, detail }: Stripe.errors.StripeError): string =>
  [type, code, requestId, message.slice(0, 300), reasonIn(detail)].filter(Boolean).join(' ')

/** `fetch` says why in the cause of its error. */
function reasonIn(detail: unknown): string {
  if (!(detail instanceof Error)) return ''
  return [detail.message, reasonIn(detail.cause)].filter(Boolean).join(': ').slice(0, 300)
}
