import { request } from 'undici'

export class BaoError extends Error {
  override readonly name = 'BaoError'
  readonly status: number

  constructor(status: number, path: string, errors: readonly string[]) {
    super(`OpenBao answered ${status} to ${path}: ${errors.join('; ') || 'no reason given'}`)
    this.status = status
  }
}

export interface BaoClient {
  /** @param path below `/v1/`; made from constants of this repository only. */
  call<T = unknown>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T>
  /** The same server with another token. */
  with(token: string): BaoClient
}

const timeoutMs = 5_000

/** A client for setting up the stack's OpenBao; the server's own way in is `ports/vault`. */
export function bao(address: string, token?: string): BaoClient {
  return {
    with: (other) => bao(address, other),
    async call<T>(method: string, path: string, body?: object) {
      const answer = await request(`${address}/v1/${path}`, {
        method: method as 'GET',
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        headers: token === undefined ? {} : { 'x-vault-token': token },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      const text = await answer.body.text()
      const parsed = (text === '' ? {} : JSON.parse(text)) as { errors?: string[] }
      if (answer.statusCode >= 400) throw new BaoError(answer.statusCode, path, parsed.errors ?? [])
      return parsed as T
    },
  }
}
