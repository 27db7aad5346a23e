import { Agent, request } from 'undici'
import { AddressRefusedError, publicLookup, refuseLiteral } from './public-address.ts'

/** Network of a test; the machine's own otherwise. */
export interface TestNetwork {
  readonly lookup?: Parameters<typeof publicLookup>[0]
  readonly ca?: string
  /** Takes the place of the check for public addresses. */
  readonly isAllowed?: (address: string) => boolean
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  /** Where it came from, after redirects. */
  readonly url: URL
}

interface Call {
  readonly method: 'GET' | 'HEAD'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** The origin that is taken as it is, because the operator of this installation named it for this image. */
  readonly mirror: string | undefined
}

export interface RegistryHttp {
  /** One call, with its redirects. @throws what undici throws, AddressRefusedError */
  send(call: Call): Promise<Answer>
  close(): Promise<void>
}

/** Manifests are small; the specification asks registries to take 4 MiB. */
const maxBodyBytes = 4 * 1024 * 1024
const maxRedirects = 3
const redirects = [301, 302, 303, 307, 308]

/**
 * Calls to registries and their token servers: to strangers only by https and only at public addresses, to an
 * image's mirror as it is. A redirect may not leave these rules, and takes no credentials to another host.
 */
export function registryHttp(network: TestNetwork = {}): RegistryHttp {
  const limits = { maxResponseSize: maxBodyBytes, connections: 4, keepAliveTimeout: 10_000 }
  const trusted = new Agent(limits)
  const strangers = new Agent({
    ...limits,
    connect: {
      lookup: publicLookup(network.lookup, network.isAllowed),
      ...(network.ca === undefined ? {} : { ca: network.ca }),
    },
  })

  const sendOnce = async ({ method, url, headers, signal, mirror }: Call): Promise<Answer> => {
    const isMirror = url.origin === mirror
    if (!isMirror && url.protocol !== 'https:') throw new AddressRefusedError(`${url.origin} is not https`)
    if (!isMirror) refuseLiteral(url, network.isAllowed)
    const dispatcher = isMirror ? trusted : strangers
    const answer = await request(url, { method, headers, signal, dispatcher })
    const body = Buffer.from(await answer.body.arrayBuffer())
    return { status: answer.statusCode, headers: answer.headers, body, url }
  }

  const send = async (call: Call, left = maxRedirects): Promise<Answer> => {
    const answer = await sendOnce(call)
    const location = answer.headers['location']
    if (!redirects.includes(answer.status) || typeof location !== 'string') return answer
    if (left === 0) throw new Error('too many redirects')
    const url = new URL(location, call.url)
    const { authorization: _, ...anonymous } = call.headers
    return send(
      { ...call, url, headers: url.origin === call.url.origin ? call.headers : anonymous },
      left - 1,
    )
  }

  return {
    send: async (call) => send(call),
    close: async () => void (await Promise.all([trusted.destroy(), strangers.destroy()])),
  }
}
