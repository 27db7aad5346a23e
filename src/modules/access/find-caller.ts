/** From what a request shows to who calls, and what the request is about: one statement where that is possible. */
import { createHash } from 'node:crypto'

import type { AnyId, SessionId } from '../../contract/ids.ts'
import type { KeyScope } from '../../contract/policy.ts'
import type { Session } from '../../ports/sessions/port.ts'
import type { Ports } from '../../ports/types.ts'
import type { Actor, Scope } from './actor.ts'
import {
  findByApiKey,
  findBySession,
  findByUser,
  touchApiKey,
  type ApiKeyRow,
  type SessionRow,
  type UserRow,
} from './store.ts'

/** What the caller showed: the cookie of a session, or a key in the Authorization header. */
export type Credentials =
  | { readonly kind: 'session'; readonly token: string }
  | { readonly kind: 'api_key'; readonly key: string }
  /** A session whose token was shown by this same request before: it may have got another token since. */
  | { readonly kind: 'known_session'; readonly id: SessionId }

export interface Found {
  readonly actor: Actor
  /** Undefined: there is nothing of that id. That there is something does not mean that the caller may see it. */
  readonly scope: Scope | undefined
}

type Deps = Pick<Ports, 'db' | 'sessions' | 'clock'>

/** Undefined: nobody is signed in, or no longer. */
export async function findCaller(
  { db, sessions, clock }: Deps,
  credentials: Credentials,
  scopeId?: AnyId,
): Promise<Found | undefined> {
  const now = new Date(clock.nowMs())
  if (credentials.kind === 'api_key') {
    const row = await findByApiKey(db, { hash: hashOfKey(credentials.key), scopeId, now })
    if (!row) return undefined
    await noteUse(db, row, now)
    return { actor: actorOfKey(row), scope: row.scope ?? undefined }
  }
  if (credentials.kind === 'known_session')
    return findOfSession({ db }, await sessions.get(credentials.id), scopeId)
  if (!sessions.isInDatabase)
    return findOfSession({ db }, await sessions.validate(credentials.token), scopeId)
  const hash = sessions.hashOf(credentials.token)
  if (hash === undefined) return undefined
  const row = await findBySession(db, { hash, scopeId, now })
  if (!row) return undefined
  await sessions.touch({ id: row.sessionId, lastSeenAt: row.lastSeenAt })
  return { actor: actorOfSession(row), scope: row.scope ?? undefined }
}

/** When a key was used last is known to the minute, so that a busy one does not write with each request. */
const USE_NOTED_EVERY_MS = 60_000

async function noteUse(db: Deps['db'], { apiKeyId, lastUsedAt }: ApiKeyRow, now: Date): Promise<void> {
  const unlessAfter = new Date(now.getTime() - USE_NOTED_EVERY_MS)
  if (lastUsedAt === null || lastUsedAt < unlessAfter) await touchApiKey(db, { apiKeyId, now, unlessAfter })
}

/** Sessions outside of the database: by the user of the session, which was found before. */
async function findOfSession(
  { db }: Pick<Ports, 'db'>,
  session: Session | undefined,
  scopeId: AnyId | undefined,
): Promise<Found | undefined> {
  if (!session) return undefined
  const row = await findByUser(db, { userId: session.userId, scopeId })
  if (!row) return undefined
  const { id: sessionId, currentTeamId } = session
  return { actor: actorOfSession({ ...row, sessionId, currentTeamId }), scope: row.scope ?? undefined }
}

/** A key is 160 bits of chance, so a fast hash is enough. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex')

const actorOfSession = (row: UserRow & Pick<SessionRow, 'sessionId' | 'currentTeamId'>): Actor => ({
  ...row.person,
  kind: 'user',
  isPlatformAdmin: row.platformAdmin,
  session: { id: row.sessionId, currentTeamId: row.currentTeamId },
})

const actorOfKey = (row: ApiKeyRow): Actor => ({
  ...row.person,
  kind: 'api_key',
  isPlatformAdmin: false,
  apiKey: {
    id: row.apiKeyId,
    name: row.apiKeyName,
    scopes: (row.scopes ?? []) as KeyScope[],
    orgId: row.keyOrgId,
    teamId: row.keyTeamId,
  },
})
