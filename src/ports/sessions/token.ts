import { createHash } from 'node:crypto'

/** As lucia makes them: 25 bytes of chance in lower-case base32. */
const TOKEN = /^[a-z2-7]{40}$/

/**
 * What stands for a token in the storage: SHA-256 in hexadecimal. (A slow hash would add nothing: 200 bits of
 * chance cannot be guessed.) Undefined for what cannot be a token, so that nothing is asked for it.
 */
export function hashOfToken(token: string): string | undefined {
  return TOKEN.test(token) ? createHash('sha256').update(token).digest('hex') : undefined
}
