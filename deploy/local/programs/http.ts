import type { Readable } from 'node:stream'

import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici'

import { PassedOver } from './errors.ts'
import type { Reach } from './reach.ts'

const headersTimeoutMs = 10_000
const silenceTimeoutMs = 20_000
const wholeTimeoutMs = 15 * 60_000
const redirectLimit = 5

/** The body ended, or fell silent, before all of it was there. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff'
}

export interface Download {
  readonly body: AsyncIterable<Buffer>
  readonly totalBytes: number | null
}

/** GET for downloads: proxies from the environment, redirects, time-outs. */
export class Http {
  readonly #reach: Reach
  readonly #agent: EnvHttpProxyAgent

  constructor(reach: Reach, connectTimeoutMs: number) {
    this.#reach = reach
    this.#agent = new EnvHttpProxyAgent({
      connect: { timeout: connectTimeoutMs },
      headersTimeout: headersTimeoutMs,
      bodyTimeout: silenceTimeoutMs,
    })
  }

  /** Throws PassedOver if the host cannot be reached or has no such file; the body throws BrokenOff. */
  async get(url: URL, signal: AbortSignal): Promise<Download> {
    const whole = AbortSignal.any([signal, AbortSignal.timeout(wholeTimeoutMs)])
    let at = url
    for (let hop = 0; hop <= redirectLimit; hop += 1) {
      const response = await this.#ask(at, whole, signal)
      const { statusCode, headers, body } = response
      if (statusCode === 200) return { body: wholeBody(body, signal), totalBytes: lengthIn(headers) }
      await body.dump()
      const location = headers['location']
      if (statusCode < 300 || statusCode >= 400 || typeof location !== 'string') {
        throw new PassedOver(`${at.href} answers ${statusCode}`)
      }
      at = redirected(at, location)
    }
    throw new PassedOver(`${url.href} redirects without end`)
  }

  async text(url: URL, { signal, limitBytes }: { signal: AbortSignal; limitBytes: number }): Promise<string> {
    const { body } = await this.get(url, signal)
    const parts: Buffer[] = []
    let size = 0
    for await (const part of body) {
      size += part.length
      if (size > limitBytes) throw new PassedOver(`${url.href} is too long for a list of checksums`)
      parts.push(part)
    }
    return Buffer.concat(parts).toString('utf8')
  }

  async #ask(url: URL, whole: AbortSignal, given: AbortSignal): Promise<Dispatcher.ResponseData> {
    if (!(await this.#reach.isReachable(url))) throw new PassedOver(`${url.host} cannot be reached`)
    try {
      return await request(url, { dispatcher: this.#agent, signal: whole })
    } catch (error) {
      given.throwIfAborted()
      this.#reach.forget(url)
      throw new PassedOver(`${url.host} cannot be reached`, { cause: error })
    }
  }
}

/** Where a redirect leads; never from TLS to an address without. */
export function redirected(from: URL, location: string): URL {
  const to = new URL(location, from)
  if (from.protocol === 'https:' && to.protocol !== 'https:') {
    throw new PassedOver(`${from.href} redirects to an address without TLS`)
  }
  return to
}

function lengthIn(headers: Dispatcher.ResponseData['headers']): number | null {
  const length = Number(headers['content-length'])
  return Number.isSafeInteger(length) && length > 0 ? length : null
}

async function* wholeBody(body: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) yield chunk as Buffer
  } catch (error) {
    signal.throwIfAborted()
    throw new BrokenOff(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
