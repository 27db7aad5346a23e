/** Posts events to a server, signed, and again while it does not take them. */
import type { StripeAccount } from './account.ts'
import type { EventDoc } from './documents.ts'
import { signatureOf } from './signature.ts'
import { systemClock } from '../../ports/clock/system.ts'

export interface WebhookTarget {
  readonly url: string
  readonly secret: string
  /** Before the first further try; doubled for each one after it. Default 1 s. */
  readonly retryMs?: number
}

export interface Webhooks {
  /** `lose`: nothing is sent; `repeat`: each event twice. */
  mode: 'send' | 'lose' | 'repeat'
  /** Resolves when everything that happened until now was taken, or given up. */
  settled(): Promise<void>
  stop(): void
}

const TRIES = 9
const ANSWER_MS = 10_000

export function sendWebhooks(account: StripeAccount, target: WebhookTarget): Webhooks {
  const stopping = new AbortController()
  const underway = new Set<Promise<void>>()
  const begin = (event: EventDoc): void => {
    const delivery = deliver(event, target, stopping.signal)
    underway.add(delivery)
    void delivery.finally(() => underway.delete(delivery))
  }
  const stopListening = account.onEvent((event) => {
    if (webhooks.mode === 'lose') return
    begin(event)
    if (webhooks.mode === 'repeat') begin(event)
  })
  const webhooks: Webhooks = {
    mode: 'send',
    async settled() {
      while (underway.size > 0) await Promise.all(underway)
    },
    stop() {
      stopListening()
      stopping.abort()
    },
  }
  return webhooks
}

async function deliver(event: EventDoc, target: WebhookTarget, stopping: AbortSignal): Promise<void> {
  const { retryMs = 1_000 } = target
  for (let attempt = 0; attempt < TRIES && !stopping.aborted; attempt += 1) {
    if (await isTaken(event, target, stopping)) return
    await pause(retryMs * 2 ** attempt, stopping)
  }
}

async function isTaken(event: EventDoc, target: WebhookTarget, stopping: AbortSignal): Promise<boolean> {
  const body = Buffer.from(JSON.stringify(event))
  const signature = signatureOf(body, { secret: target.secret, at: new Date(systemClock.nowMs()) })
  try {
    const answer = await fetch(target.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(ANSWER_MS)]),
    })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    // Nobody answers: it is tried again.
    return false
  }
}

async function pause(milliseconds: number, stopping: AbortSignal): Promise<void> {
  if (stopping.aborted) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  const wake = (): void => resolve()
  stopping.addEventListener('abort', wake)
  await promise
  clearTimeout(timer)
  stopping.removeEventListener('abort', wake)
}
