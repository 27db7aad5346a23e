import type { SessionId, TeamId, UserId } from '../../contract/ids.ts'
import type { EndListener, Session } from './port.ts'

/** A session to be stored. The token itself is not part of it. */
export interface StoredSession extends Omit<Session, 'currentTeamId'> {
  readonly tokenHash: string
}

/** Where sessions are kept. Times are given, so that one clock decides. */
export interface SessionStorage {
  /** In the database, so that one statement finds session, user and grants. */
  readonly isInDatabase: boolean
  /** False when there is no such user. The storage chooses the current team. */
  insert(session: StoredSession): Promise<boolean>
  /** Whatever has this hash, expired or not. */
  find(tokenHash: string): Promise<Session | undefined>
  /** The same by its id. */
  findById(id: SessionId): Promise<Session | undefined>
  list(userId: UserId): Promise<readonly Session[]>
  /** Never moves the idle expiry beyond the absolute one. */
  touch(id: SessionId, times: { readonly now: Date; readonly idleExpiresAt: Date }): Promise<void>
  /** From now on another token opens it, and no longer the one before. False when there is no such session. */
  renew(id: SessionId, tokenHash: string): Promise<boolean>
  setCurrentTeam(id: SessionId, teamId: TeamId | null): Promise<void>
  /** Answers how many of these sessions there were; all of the user when none is named. */
  remove(userId: UserId, which?: { readonly only?: SessionId; readonly except?: SessionId }): Promise<number>
  removeExpired(now: Date, limit: number): Promise<number>
  /** As the port says it. */
  hearEnds(listener: EndListener): () => Promise<void>
  ping(): Promise<void>
  close(): Promise<void>
}
