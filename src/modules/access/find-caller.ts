/** From what a request shows to who calls, and what the request is about: one statement. */
import { createHash } from 'node:crypto'

import type { AnyId } from '../../contract/ids.ts'
import type { KeyScope } from '../../contract/policy.ts'
import type { Ports } from '../../ports/types.ts'
import type { Actor, Scope } from './actor.ts'
import { findByApiKey, findBySession, touchApiKey, type ApiKeyRow, type SessionRow } from './store.ts'

/** What the caller showed: the cookie of a session, or a key in the Authorization header. */
export type Credentials =
  | { readonly kind: 'session'; readonly token: string }
  | { readonly kind: 'api_key'; readonly key: string }

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
    return { actor: actorOfKey(row), scope: scopeOf(row) }
  }
  const hash = sessions.hashOf(credentials.token)
  if (hash === undefined) return undefined
  const row = await findBySession(db, { hash, scopeId, now })
  if (!row) return undefined
  await sessions.touch({ id: row.sessionId, lastSeenAt: row.lastSeenAt })
  return { actor: actorOfSession(row), scope: scopeOf(row) }
}

/** When a key was used last is known to the minute, so that a busy one does not write with each request. */
const USE_NOTED_EVERY_MS = 60_000

async function noteUse(db: Deps['db'], { apiKeyId, lastUsedAt }: ApiKeyRow, now: Date): Promise<void> {
  const unlessAfter = new Date(now.getTime() - USE_NOTED_EVERY_MS)
  if (lastUsedAt === null || lastUsedAt < unlessAfter) await touchApiKey(db, { apiKeyId, now, unlessAfter })
}

/** A key is 160 bits of chance, so a fast hash is enough. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex')

function scopeOf(row: SessionRow | ApiKeyRow): Scope | undefined {
  if (row.scopeOrgId === null) return undefined
  return { orgId: row.scopeOrgId, teamId: row.scopeTeamId, isSuspended: row.scopeSuspended }
}

const personOf = ({ userId, email, name, avatarUrl, orgs, teams }: SessionRow | ApiKeyRow) => ({
  userId,
  email,
  name,
  avatarUrl,
  orgs,
  teams,
})

const actorOfSession = (row: SessionRow): Actor => ({
  ...personOf(row),
  kind: 'user',
  isPlatformAdmin: row.platformAdmin,
  session: { id: row.sessionId, currentTeamId: row.currentTeamId },
})

const actorOfKey = (row: ApiKeyRow): Actor => ({
  ...personOf(row),
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
