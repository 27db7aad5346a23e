import type { Stripe } from 'stripe'

import { boundedFetch } from '../oauth/bounded-fetch.ts'

/** What one request is answered with. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
}

/** Carries a request to Stripe. Throws where there was no answer. */
export type Carrier = (request: Sent) => Promise<Answered>

/** A page of 100 events with large objects in them is about 1 MB. */
const MAX_BYTES = 16 * 1024 * 1024

/**
 * By `fetch`, with an end: of time, the body included, and of size. The package's own client ends silence only, so that
 * an answer in drops would never end.
 */
export const fetchCarrier: Carrier = async ({ method, url, headers, body, timeoutMs }) => {
  const init = { method, headers, ...(method === 'GET' || body === '' ? {} : { body }) }
  const answer = await boundedFetch(url, init, { timeoutMs, maxBytes: MAX_BYTES })
  return { ...answer, headers: Object.fromEntries(answer.headers) }
}

/** The package's HTTP client over a carrier. @param key of the account, asked for at each call */
export const httpClientOf = (carrier: Carrier, key: () => Promise<string>): Stripe.HttpClient => ({
  getClientName: () => 'shipyard',
  // How the package calls it.
  // oxlint-disable-next-line eslint/max-params
  async makeRequest(host, port, path, method, headers, requestData, protocol, timeout) {
    const url = `${protocol}://${host}:${port}${path}`
    const shown = { ...plainHeaders(headers), Authorization: `Bearer ${await key()}` }
    const answer = await carrier({ method, url, headers: shown, body: requestData, timeoutMs: timeout })
    return {
      getStatusCode: () => answer.status,
      getHeaders: () => withoutNotice(answer.headers),
      getRawResponse: () => answer,
      toStream: () => answer.text,
      toJSON: async () => JSON.parse(answer.text) as unknown,
    }
  },
})

/** `fetch` reckons the length itself, and refuses a header without a value. */
const plainHeaders = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== null && value !== undefined && name !== 'Content-Length')
      .map(([name, value]) => [name, String(value)]),
  )

/** The package writes notices of this header to the console. */
const withoutNotice = ({
  'stripe-notice': _notice,
  ...headers
}: Readonly<Record<string, string>>): Record<string, string> => headers
