/** What one request may be. */

/** The largest form: 200 kB of variables, and what stands around them. */
export const BODY_LIMIT_KILOBYTES = 256
/** Calls in one batch. */
export const MAX_BATCH = 20
/** Requests a minute of one caller. Callers on this machine are its owner's and are not counted. */
export const REQUESTS_PER_MINUTE = 1_200
/** One event of Stripe's. */
export const WEBHOOK_LIMIT_KILOBYTES = 1_024
/** Events a minute from one address: Stripe sends a whole account's from a few. */
export const WEBHOOKS_PER_MINUTE = 60_000
