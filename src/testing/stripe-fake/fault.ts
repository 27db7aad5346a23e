/** Refusals of Stripe, as its API says them (https://docs.stripe.com/api/errors). */
export class StripeFault extends Error {
  override readonly name = 'StripeFault'
  readonly status: number
  readonly error: Readonly<Record<string, string>>

  constructor(status: number, error: Readonly<Record<string, string>>) {
    super(error.message)
    this.status = status
    this.error = error
  }
}

export function missing(what: string, id: string): never {
  throw new StripeFault(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${what}: '${id}'`,
    param: what === 'customer' ? 'customer' : 'id',
  })
}

export function invalid(message: string, more: Readonly<Record<string, string>> = {}): never {
  throw new StripeFault(400, { type: 'invalid_request_error', message, ...more })
}

export function declined(): never {
  throw new StripeFault(402, {
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'generic_decline',
    message: 'Your card was declined.',
  })
}
