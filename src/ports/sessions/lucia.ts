import { generateIdFromEntropySize, Lucia, TimeSpan } from 'lucia'
import type { Clock } from '../clock/port.ts'
import { isAlive, isStale, luciaAdapter, type SessionPeriods } from './lucia-adapter.ts'
import type { Session, SessionsPort, SessionToken } from './port.ts'
import type { SessionStorage } from './storage.ts'
import { hashOfToken } from './token.ts'

interface SessionOptions extends Partial<SessionPeriods> {
  readonly storage: SessionStorage
  readonly clock: Clock
}

const dayMs = 24 * 3_600_000

/** A week without use, a month in any case. */
export const usualPeriods: SessionPeriods = {
  idleMs: 7 * dayMs,
  absoluteMs: 30 * dayMs,
  touchAfterMs: 5 * 60_000,
}

/** 200 bits, as lucia takes for the tokens that it makes itself. */
const TOKEN_BYTES = 25

/** How many expired sessions one statement removes: it holds their rows. */
const expiredAtOnce = 1_000

/** Sessions by lucia, on whatever storage. */
export function createSessions(given: SessionOptions): SessionsPort {
  const options = { ...usualPeriods, ...given }
  const { storage, clock, idleMs } = options
  const adapter = luciaAdapter(options)
  const lucia = new Lucia(adapter, {
    sessionExpiresIn: new TimeSpan(idleMs, 'ms'),
    getSessionAttributes: (attributes) => attributes as { readonly stored: Session },
  })
  return {
    isInDatabase: storage.isInDatabase,
    async create(session) {
      const { id: token } = await lucia.createSession(session.userId, session)
      const stored = await storage.find(hashOfToken(token) ?? '')
      if (!stored) throw new Error('A session is gone that was made a moment ago.')
      return { token: token as SessionToken, session: stored }
    },
    validate: async (token) => (await lucia.validateSession(token)).session?.stored,
    async get(id) {
      const session = await storage.findById(id)
      if (!session || !isAlive(options, session)) return undefined
      if (isStale(options, session.lastSeenAt)) await adapter.updateSessionExpiration(id, session.lastSeenAt)
      return session
    },
    async renew(id) {
      const token = generateIdFromEntropySize(TOKEN_BYTES)
      const isRenewed = await storage.renew(id, hashOfToken(token) ?? '')
      return isRenewed ? (token as SessionToken) : undefined
    },
    hashOf: hashOfToken,
    async touch({ id, lastSeenAt }) {
      // The date is for lucia's own callers: the adapter computes ours.
      if (isStale(options, lastSeenAt)) await adapter.updateSessionExpiration(id, lastSeenAt)
    },
    invalidate: async (userId, id) => (await storage.remove(userId, { only: id })) > 0,
    invalidateAll: async (userId, which = {}) => storage.remove(userId, which),
    list: async (userId) => (await lucia.getUserSessions(userId)).map(({ stored }) => stored),
    setCurrentTeam: async (id, teamId) => storage.setCurrentTeam(id, teamId),
    deleteExpired: async () => storage.removeExpired(new Date(clock.nowMs()), expiredAtOnce),
    hearEnds: (listener) => storage.hearEnds(listener),
    ping: async () => storage.ping(),
    close: async () => storage.close(),
  }
}
