import type { SessionId, TeamId, UserId } from '../../contract/ids.ts'

/** What the cookie holds: 200 bits of chance. It is shown once; only its SHA-256 is stored. */
export type SessionToken = string & { readonly __brand: 'SessionToken' }

/** A signed-in browser, as its owner may see it in a list. */
export interface Session {
  readonly id: SessionId
  readonly userId: UserId
  /** The team that the dashboard shows. */
  readonly currentTeamId: TeamId | null
  readonly ipAddress: string | null
  readonly userAgent: string | null
  readonly createdAt: Date
  /** To within a few minutes. */
  readonly lastSeenAt: Date
  /** Ends then unless it is used before. */
  readonly idleExpiresAt: Date
  /** Ends then in any case. */
  readonly absoluteExpiresAt: Date
}

/** Whose sessions were ended; `everybody` when some may have been that were not heard of. */
export type EndListener = (whose: UserId | 'everybody') => void

export interface NewSession {
  readonly userId: UserId
  readonly ipAddress?: string | undefined
  readonly userAgent?: string | undefined
}

/**
 * Sessions of browsers. A token that is unknown, malformed or expired is simply no session; errors are those
 * of the storage (`DATABASE_UNAVAILABLE`, `SESSIONS_UNAVAILABLE`).
 *
 * A request needs the session, the user and the grants in one statement, and that is `find-actor` of
 * modules/access: it takes `hashOf(token)`, and what it finds goes to `touch`. `validate` asks for the session
 * alone, and is the only way where sessions are kept outside of the database.
 */
export interface SessionsPort {
  /** Sessions stand in the database: `find-actor` finds them. */
  readonly isInDatabase: boolean
  /**
   * A new session, always with a new token: signing in never keeps an older one.
   *
   * @throws AppError `NOT_FOUND` when there is no such user
   */
  create(session: NewSession): Promise<{ readonly token: SessionToken; readonly session: Session }>
  /** The session of a token, if it lives; it counts as used. */
  validate(token: string): Promise<Session | undefined>
  /** The living session of this id; it counts as used. An id opens nothing: this is for who has shown the token. */
  get(id: SessionId): Promise<Session | undefined>
  /** A new token for the same session; the one before opens nothing any more. Undefined when it has ended. */
  renew(id: SessionId): Promise<SessionToken | undefined>
  /** What stands for a token in the storage; undefined for what cannot be a token. */
  hashOf(token: string): string | undefined
  /** The session is used: moves its idle expiry, with a write only when it was not seen for some minutes. */
  touch(session: Pick<Session, 'id' | 'lastSeenAt'>): Promise<void>
  /** Ends one session; named with its user, so that nobody ends another's. False when there was none. */
  invalidate(userId: UserId, id: SessionId): Promise<boolean>
  /** Ends all sessions of a user, or all but the one in use; answers how many. */
  invalidateAll(userId: UserId, options?: { readonly except?: SessionId }): Promise<number>
  /** The living sessions of a user, the one that began last first. */
  list(userId: UserId): Promise<readonly Session[]>
  setCurrentTeam(id: SessionId, teamId: TeamId | null): Promise<void>
  /** Removes what has expired, some at a time; for a loop. Answers how many. */
  deleteExpired(): Promise<number>
  /**
   * Hears of sessions that end before their time, on whatever server. Where they stand in the database, its own
   * channel tells, and nothing is heard here.
   *
   * @returns how to stop
   */
  hearEnds(listener: EndListener): () => Promise<void>
  /** Answers when the storage answers. */
  ping(): Promise<void>
  close(): Promise<void>
}
