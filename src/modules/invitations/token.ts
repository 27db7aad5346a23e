/** What stands in the link of an invitation. It is in the mail and nowhere else: kept is its hash. */
import { createHash } from 'node:crypto'

import { randomBase32 } from '../../contract/ids.ts'

export const newToken = (): string => randomBase32(40)

/** A token is 200 bits of chance, so a fast hash is enough. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')

export const linkOf = (token: string, baseUrl: string): string =>
  new URL(`/invite?token=${token}`, baseUrl).href
