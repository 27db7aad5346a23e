/** Stripe's REST API over an account, for exactly the calls that the adapter makes. No network in it. */
import { createHash } from 'node:crypto'

import type { StripeAccount } from './account.ts'
import { invalid, StripeFault } from './fault.ts'
import { parseForm } from './form.ts'
import { billingRoutes } from './routes-billing.ts'
import type { Route } from './route.ts'
import { subscriptionRoutes } from './routes-subscriptions.ts'

interface ApiRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly body: string
  readonly idempotencyKey?: string | undefined
}

interface ApiAnswer {
  readonly status: number
  readonly json: object
}

export type Api = (request: ApiRequest) => ApiAnswer

const ROUTES: readonly Route[] = [...billingRoutes, ...subscriptionRoutes]

/** Answers as Stripe does; with the same idempotency key, the same again. */
export function createApi(account: StripeAccount): Api {
  const answered = new Map<string, { readonly fingerprint: string; readonly answer: ApiAnswer }>()
  return (request) => {
    const { idempotencyKey: key, method } = request
    if (key === undefined || method !== 'POST') return answerOf(account, request)
    const fingerprint = createHash('sha256').update(`${request.path}\n${request.body}`).digest('hex')
    const before = answered.get(key)
    if (before && before.fingerprint !== fingerprint) return faultAnswer(reused(key))
    if (before) return before.answer
    const answer = structuredClone(answerOf(account, request))
    // What was refused before anything began may be asked for again with the same key.
    if (answer.status === 200 || answer.status === 402) answered.set(key, { fingerprint, answer })
    return answer
  }
}

function answerOf(account: StripeAccount, { method, path, body }: ApiRequest): ApiAnswer {
  const url = new URL(path, 'http://stripe.test')
  try {
    for (const route of ROUTES) {
      const match = route.method === method ? route.path.exec(url.pathname) : null
      if (!match) continue
      const form = parseForm(method === 'POST' ? body : url.search)
      const [, id = ''] = match
      const json = account.act((state) => route.answer({ state, form, id: decodeURIComponent(id) }))
      return { status: 200, json: structuredClone(json) }
    }
    return invalid(`Unrecognized request URL (${method}: ${url.pathname}).`)
  } catch (error) {
    if (error instanceof StripeFault) return faultAnswer(error)
    throw error
  }
}

const faultAnswer = ({ status, error }: StripeFault): ApiAnswer => ({ status, json: { error } })

const reused = (key: string): StripeFault =>
  new StripeFault(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  })
