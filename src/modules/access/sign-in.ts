/** Signing in. The first time it makes user, organisation, default team and grants, in one statement. */
import { newId, randomBase32, type UserId } from '../../contract/ids.ts'
import type { SessionToken } from '../../ports/sessions/port.ts'
import type { Ports } from '../../ports/types.ts'
import { signInRow } from './store.ts'

/** Who an issuer says somebody is: known by issuer and subject, never by the address. */
export interface Identity {
  readonly provider: string
  readonly subject: string
  readonly email: string
  readonly name: string
  readonly avatarUrl: string | null
}

export interface Browser {
  readonly ipAddress?: string | undefined
  readonly userAgent?: string | undefined
}

export interface SignedIn {
  readonly userId: UserId
  readonly isNew: boolean
  /** For the cookie: shown this once. */
  readonly token: SessionToken
}

/** @throws {AppError} ID_TAKEN when the address belongs to another identity */
export async function signIn(
  { db, sessions }: Pick<Ports, 'db' | 'sessions'>,
  identity: Identity,
  browser: Browser,
): Promise<SignedIn> {
  const name = identity.name.trim() || identity.email
  const row = await signInRow(db, {
    ...identity,
    name,
    userId: newId('usr'),
    orgId: newId('org'),
    orgSlug: slugFor(name),
    orgName: `${name}'s organisation`,
    teamId: newId('team'),
    teamName: 'Default',
    auditId: newId('aud'),
  })
  const { token } = await sessions.create({ userId: row.userId, ...browser })
  return { userId: row.userId, isNew: row.isNew, token }
}

/** Readable, and unique by chance. */
function slugFor(name: string): string {
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return `${words.slice(0, 30) || 'org'}-${randomBase32(6)}`
}
