import type { SessionId, TeamId, UserId } from '../../contract/ids.ts'
import type { Session } from './port.ts'

/** A session to be stored. The token itself is not part of it. */
interface StoredSession extends Omit<Session, 'currentTeamId'> {
  readonly tokenHash: string
}

/** Where sessions are kept. Times are given, so that one clock decides. */
export interface SessionStorage {
  /** False when there is no such user. The storage chooses the current team. */
  insert(session: StoredSession): Promise<boolean>
  /** Whatever has this hash, expired or not. */
  find(tokenHash: string): Promise<Session | undefined>
  list(userId: UserId): Promise<readonly Session[]>
  /** Never moves the idle expiry beyond the absolute one. */
  touch(id: SessionId, times: { readonly now: Date; readonly idleExpiresAt: Date }): Promise<void>
  setCurrentTeam(id: SessionId, teamId: TeamId | null): Promise<void>
  /** Answers how many of these sessions there were; all of the user when none is named. */
  remove(userId: UserId, which?: { readonly only?: SessionId; readonly except?: SessionId }): Promise<number>
  removeExpired(now: Date, limit: number): Promise<number>
}
