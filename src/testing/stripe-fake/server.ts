/** The fake of Stripe over HTTP: its REST API, its pages, its webhooks. On the loopback address alone. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Clock } from '../../ports/clock/port.ts'
import { createStripeAccount, type StripeAccount } from './account.ts'
import { createApi, type Api } from './api.ts'
import { StripeFault } from './fault.ts'
import { checkoutPage, payCheckout, type PageAnswer } from './page-checkout.ts'
import { consolePage, control, type Controlled, type Trouble } from './page-console.ts'
import { changeByPortal, invoicePage, payInvoice, portalPage } from './page-portal.ts'
import type { State } from './state.ts'
import { sendWebhooks, type Webhooks, type WebhookTarget } from './webhooks.ts'

export interface StripeServerOptions {
  readonly clock: Clock
  /** 0: a free one. */
  readonly port?: number
  /** What callers of the API have to show. */
  readonly secretKey: string
  readonly webhook?: WebhookTarget
  /** What was remembered before. */
  readonly state?: State
}

export interface StripeServer {
  readonly url: string
  readonly account: StripeAccount
  readonly trouble: Trouble
  /** Undefined where nobody is told of events. */
  readonly webhooks: Webhooks | undefined
  /** From now on events are sent there: for a server whose address was not known before. */
  sendTo(target: WebhookTarget): Webhooks
  close(): Promise<void>
}

const MAX_BYTES = 1024 * 1024
/** Time goes by without anybody asking, too. */
const TICK_MS = 1_000

export async function startStripeServer(options: StripeServerOptions): Promise<StripeServer> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const account = createStripeAccount({
    clock: options.clock,
    pagesUrl: url,
    ...(options.state ? { state: options.state } : {}),
  })
  const trouble: Trouble = { isAway: false, lostAnswers: 0 }
  const serving: Serving = {
    account,
    trouble,
    webhooks: undefined,
    api: createApi(account),
    secretKey: options.secretKey,
  }
  const sendTo = (target: WebhookTarget): Webhooks => {
    serving.webhooks?.stop()
    return (serving.webhooks = sendWebhooks(account, target))
  }
  if (options.webhook) sendTo(options.webhook)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    serve(serving, request, response).catch(() => response.destroy())
  })
  const ticking = setInterval(() => account.act(() => undefined), TICK_MS)
  const close = async (): Promise<void> => {
    clearInterval(ticking)
    serving.webhooks?.stop()
    await closeServer(server)
  }
  return {
    ...{ url, account, trouble, sendTo, close },
    get webhooks() {
      return serving.webhooks
    },
  }
}

interface Serving extends Controlled {
  readonly api: Api
  readonly secretKey: string
}

async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request)
  const path = request.url ?? '/'
  if (path.startsWith('/v1/')) return answerCall(serving, { request, body, path }, response)
  const answer = pageFor(serving, `${request.method} ${path.replace(/\?.*/, '')}`, new URLSearchParams(body))
  if ('location' in answer) response.writeHead(303, { location: answer.location }).end()
  else {
    const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }
    response.writeHead(answer.status, headers).end(answer.html)
  }
}

function answerCall(
  { api, trouble, secretKey }: Serving,
  { request, body, path }: { request: IncomingMessage; body: string; path: string },
  response: ServerResponse,
): void {
  if (trouble.isAway) return void response.destroy()
  const isKnown = request.headers.authorization === `Bearer ${secretKey}`
  const method = request.method ?? 'GET'
  const key = request.headers['idempotency-key']
  const { status, json } = isKnown
    ? api({ method, path, body, idempotencyKey: typeof key === 'string' ? key : undefined })
    : { status: 401, json: UNKNOWN_KEY }
  if (trouble.lostAnswers > 0) {
    trouble.lostAnswers -= 1
    return void response.destroy()
  }
  const headers = { 'content-type': 'application/json', 'request-id': 'req_fake' }
  response.writeHead(status, headers).end(JSON.stringify(json))
}

const UNKNOWN_KEY = { error: { type: 'invalid_request_error', message: 'Invalid API Key provided: sk_****' } }

type Page = (serving: Serving, id: string, form: URLSearchParams) => PageAnswer

/** Method and path → page; its first group is the id. */
const PAGES: readonly (readonly [RegExp, Page])[] = [
  [/^GET \/$/, consolePage],
  [/^POST \/$/, (serving, _, form) => control(serving, form)],
  [/^GET \/c\/pay\/(\w+)$/, ({ account }, id) => checkoutPage(account, id)],
  [/^POST \/c\/pay\/(\w+)$/, ({ account }, id, form) => payCheckout(account, id, form)],
  [/^GET \/p\/session\/(\w+)$/, ({ account }, id) => portalPage(account, id)],
  [/^POST \/p\/session\/(\w+)$/, ({ account }, id, form) => changeByPortal(account, id, form)],
  [/^GET \/i\/(\w+)(?:\/pdf)?$/, ({ account }, id) => invoicePage(account, id)],
  [/^POST \/i\/(\w+)$/, ({ account }, id) => payInvoice(account, id)],
]

function pageFor(serving: Serving, asked: string, form: URLSearchParams): PageAnswer {
  try {
    for (const [pattern, answer] of PAGES) {
      const match = pattern.exec(asked)
      if (match) return answer(serving, match[1] ?? '', form)
    }
  } catch (error) {
    if (error instanceof StripeFault) return { status: error.status, html: error.message }
    throw error
  }
  return { status: 404, html: 'There is no such page.' }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_BYTES) throw new Error('the request is too large')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
