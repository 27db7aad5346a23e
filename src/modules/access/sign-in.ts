/** Signing in who an issuer says it is: known by issuer and subject, never by the address. The first time it makes user, organisation, default team and grants, in one statement. */
import { newId, randomBase32, type UserId } from '../../contract/ids.ts'
import type { Person } from '../../ports/oauth/port.ts'
import type { SessionToken } from '../../ports/sessions/port.ts'
import type { Ports } from '../../ports/types.ts'
import { signInRow } from './store.ts'

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

/** @throws {AppError} EMAIL_TAKEN when the address belongs to another identity */
export async function signIn(
  { db, sessions }: Pick<Ports, 'db' | 'sessions'>,
  person: Person,
  browser: Browser,
): Promise<SignedIn> {
  const name = person.name.trim() || person.email
  const row = await signInRow(db, {
    ...person,
    name,
    userId: newId('usr'),
    orgId: newId('org'),
    orgSlug: slugFor(name),
    orgName: `${name}'s organisation`,
    teamId: newId('team'),
    teamName: 'Default',
    auditId: newId('aud'),
    ip: browser.ipAddress ?? null,
    userAgent: browser.userAgent ?? null,
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
