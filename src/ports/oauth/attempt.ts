import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { generateState } from 'arctic'

import type { Attempt } from './port.ts'

/** As arctic makes them: 32 bytes of chance in base64url. */
const HANDLE = /^[\w-]{43}$/

/** What the browser's cookie holds while somebody is at the issuer: 256 bits of chance. */
export const newHandle = (): string => generateState()

/** What stands for a handle in the storage; undefined for what cannot be one. */
export const hashOfHandle = (handle: string): string | undefined =>
  HANDLE.test(handle) ? createHash('sha256').update(handle).digest('hex') : undefined

/**
 * State, nonce and PKCE verifier of a handle. Each is a one-way function of it, so that none tells of another, and
 * nothing but the browser holds them: whoever reads the database, or the addresses in a log, can present nothing.
 */
export function attemptOf(handle: string): Attempt {
  const derive = (purpose: string): string => createHmac('sha256', handle).update(purpose).digest('base64url')
  return { state: derive('state'), nonce: derive('nonce'), verifier: derive('verifier') }
}

/** Compares without telling by its time how much is equal. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
