/** Signing in and out: by the server's own addresses, because they set the cookie. */
import { readPublicError, StreamError } from './errors.ts'

const TIMEOUT_MS = 10_000

/** Both answer with a redirect, which is theirs to give and ours to follow. */
async function send(path: string, method: 'GET' | 'POST'): Promise<void> {
  const response = await fetch(path, { method, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
  if (response.type === 'opaqueredirect' || response.ok) return
  const fault = readPublicError(await response.json().catch(() => undefined))
  throw fault ? new StreamError(fault) : new TypeError('fetch failed')
}

/** Ends the session, here and on the server. */
export const signOut = async (): Promise<void> => send('/logout', 'POST')

/** Signs in without a password, where the server runs for development. */
export const signInForDevelopment = async (email: string): Promise<void> =>
  send(`/dev/login?${new URLSearchParams({ email })}`, 'GET')
