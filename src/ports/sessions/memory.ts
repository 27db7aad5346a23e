import type { UserId } from '../../contract/ids.ts'
import type { Session } from './port.ts'
import type { SessionStorage } from './storage.ts'

interface Kept {
  readonly tokenHash: string
  readonly session: Session
}

/**
 * Sessions in this process: for unit tests, and for development without much ado. A restart signs everybody
 * out, and a second replica knows nothing of them.
 *
 * @param isUser whether there is such a user; everybody is unless told
 */
export function memorySessions(isUser: (id: UserId) => boolean = () => true): SessionStorage {
  const kept = new Map<string, Kept>()
  const change = (id: string, changes: Partial<Session>): void => {
    const found = kept.get(id)
    if (found) kept.set(id, { ...found, session: { ...found.session, ...changes } })
  }
  const removeAll = (isMeant: (session: Session) => boolean): number => {
    const meant = [...kept.values()].filter(({ session }) => isMeant(session))
    for (const { session } of meant) kept.delete(session.id)
    return meant.length
  }
  return {
    async insert({ tokenHash, ...session }) {
      if (!isUser(session.userId)) return false
      kept.set(session.id, { tokenHash, session: { ...session, currentTeamId: null } })
      return true
    },
    find: async (tokenHash) => [...kept.values()].find((each) => each.tokenHash === tokenHash)?.session,
    async list(userId) {
      const sessions = [...kept.values()].map(({ session }) => session)
      return sessions.filter((session) => session.userId === userId).toReversed()
    },
    async touch(id, { now, idleExpiresAt }) {
      const absolute = kept.get(id)?.session.absoluteExpiresAt
      if (!absolute) return
      change(id, { lastSeenAt: now, idleExpiresAt: idleExpiresAt < absolute ? idleExpiresAt : absolute })
    },
    setCurrentTeam: async (id, teamId) => change(id, { currentTeamId: teamId }),
    remove: async (userId, { only, except } = {}) =>
      removeAll(
        ({ id, userId: owner }) => owner === userId && (only === undefined || id === only) && id !== except,
      ),
    async removeExpired(now, limit) {
      let left = limit
      return removeAll(({ idleExpiresAt }) => idleExpiresAt <= now && left-- > 0)
    },
  }
}
