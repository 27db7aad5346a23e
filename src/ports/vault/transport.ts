import { Agent, request } from 'undici'

/** Vault cannot be reached, or what answers is no Vault. Never holds what was sent. */
class VaultConnectionError extends Error {
  override readonly name = 'VaultConnectionError'
}

interface TransportOptions {
  /** How long one call may take from its first byte sent to its last byte received. */
  readonly timeoutMs: number
}

interface Call {
  readonly method: string
  readonly uri: string
  readonly headers?: Record<string, string>
  readonly json?: unknown
}

interface Answer {
  readonly statusCode: number
  readonly body: unknown
  readonly request: { readonly path: string }
}

export interface VaultTransport {
  /** The shape in which node-vault takes a transport of one's own. */
  defaults(): (call: Call) => Promise<Answer>
  close(): Promise<void>
}

/** Answers are metadata: lists of versions and names. */
const maxAnswerBytes = 16 * 1024 * 1024

/**
 * The way node-vault's calls travel. Its own (axios) has no way to cancel a call, follows redirects to other
 * hosts with the token, and prints the token under `DEBUG`; this one keeps connections, gives up in time and
 * follows nothing.
 */
export function vaultTransport({ timeoutMs }: TransportOptions): VaultTransport {
  const agent = new Agent({
    connections: 16,
    connect: { timeout: timeoutMs },
    maxResponseSize: maxAnswerBytes,
  })
  const send = async ({ method, uri, headers, json }: Call): Promise<Answer> => {
    const { pathname } = new URL(uri)
    try {
      const answer = await request(uri, {
        dispatcher: agent,
        method: method as 'GET',
        signal: AbortSignal.timeout(timeoutMs),
        headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      })
      const body = parseJson(await answer.body.text())
      // node-vault takes any answer for a success whose path contains "sys/health", so others are not told theirs.
      const path = pathname === '/v1/sys/health' ? pathname : ''
      return { statusCode: answer.statusCode, body, request: { path } }
    } catch (error) {
      throw new VaultConnectionError(`${method} ${pathname}: ${reasonOf(error)}`, { cause: error })
    }
  }
  return { defaults: () => send, close: async () => agent.destroy() }
}

/** A proxy's error page is no answer of Vault; its status says enough. */
function parseJson(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reasonOf(error: unknown): string {
  const { name, code, message } = error as { name?: string; code?: string; message?: string }
  return name === 'TimeoutError' ? 'no answer in time' : (code ?? message ?? 'no connection')
}
