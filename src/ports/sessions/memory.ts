import type { UserId } from '../../contract/ids.ts'
import type { FindHome } from './home.ts'
import type { EndListener, Session } from './port.ts'
import type { SessionStorage } from './storage.ts'

interface Kept {
  readonly tokenHash: string
  readonly session: Session
}

/**
 * Sessions in this process: for unit tests, and for development without much ado. A restart signs everybody
 * out, and a second replica knows nothing of them.
 *
 * @param findHome where a user begins; unless told, everybody is a user, in no team
 */
export function memorySessions(findHome: FindHome = async () => ({ teamId: null })): SessionStorage {
  const listeners = new Set<EndListener>()
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
  const listOf = (userId: UserId): Session[] =>
    [...kept.values()]
      .map(({ session }) => session)
      .filter((session) => session.userId === userId)
      .toReversed()
  return {
    isInDatabase: false,
    async insert({ tokenHash, ...session }) {
      const [last] = listOf(session.userId)
      const home = await findHome(session.userId, last?.currentTeamId ?? null)
      if (!home) return false
      kept.set(session.id, { tokenHash, session: { ...session, currentTeamId: home.teamId } })
      return true
    },
    find: async (tokenHash) => [...kept.values()].find((each) => each.tokenHash === tokenHash)?.session,
    findById: async (id) => kept.get(id)?.session,
    list: async (userId) => listOf(userId),
    async renew(id, tokenHash) {
      const found = kept.get(id)
      if (found) kept.set(id, { ...found, tokenHash })
      return found !== undefined
    },
    async touch(id, { now, idleExpiresAt }) {
      const absolute = kept.get(id)?.session.absoluteExpiresAt
      if (!absolute) return
      change(id, { lastSeenAt: now, idleExpiresAt: idleExpiresAt < absolute ? idleExpiresAt : absolute })
    },
    setCurrentTeam: async (id, teamId) => change(id, { currentTeamId: teamId }),
    async remove(userId, { only, except } = {}) {
      const count = removeAll(
        ({ id, userId: owner }) => owner === userId && (only === undefined || id === only) && id !== except,
      )
      if (count > 0) for (const listener of listeners) listener(userId)
      return count
    },
    async removeExpired(now, limit) {
      let left = limit
      return removeAll(({ idleExpiresAt }) => idleExpiresAt <= now && left-- > 0)
    },
    hearEnds(listener) {
      listeners.add(listener)
      return async () => void listeners.delete(listener)
    },
    ping: async () => undefined,
    close: async () => undefined,
  }
}
