import type { Adapter, DatabaseSession, Lucia } from 'lucia'
import { newId, type SessionId, type UserId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Clock } from '../clock/port.ts'
import { systemClock } from '../clock/system.ts'
import type { NewSession, Session } from './port.ts'
import type { SessionStorage } from './storage.ts'
import { hashOfToken } from './token.ts'

export interface SessionPeriods {
  /** A session ends when it is not used for so long. */
  readonly idleMs: number
  /** A session ends after so long in any case. */
  readonly absoluteMs: number
  /** How old "last seen" may grow before a use is written down. */
  readonly touchAfterMs: number
}

interface AdapterOptions extends SessionPeriods {
  readonly storage: SessionStorage
  readonly clock: Clock
}

// Inside the declaration the words Session and UserId are lucia's own.
type OurSession = Session
type OurUserId = UserId

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<{ readonly stored: OurSession }>
    UserId: OurUserId
    /** What is given to `createSession`, and what the adapter gives back. */
    DatabaseSessionAttributes: { readonly stored: OurSession } | NewSession
  }
}

export const isStale = ({ clock, touchAfterMs }: AdapterOptions, lastSeenAt: Date): boolean =>
  clock.nowMs() - lastSeenAt.getTime() >= touchAfterMs

export const isAlive = ({ clock }: Pick<AdapterOptions, 'clock'>, session: Session): boolean =>
  clock.nowMs() < Math.min(session.idleExpiresAt.getTime(), session.absoluteExpiresAt.getTime())

/**
 * Lucia on our storage. What lucia lacks is here: the storage holds a hash of the token, sessions have an
 * absolute end, and the time comes from our clock. (Lucia keeps the token itself, extends sessions for ever,
 * and asks the machine for the time.)
 */
export function luciaAdapter(options: AdapterOptions): Adapter {
  const { storage, clock, idleMs, absoluteMs } = options

  /** Lucia writes when less than half of the period is left, so it is told how long is left in those terms. */
  const forLucia = (session: Session): DatabaseSession => {
    const leftMs = isStale(options, session.lastSeenAt) ? idleMs / 4 : idleMs
    return {
      id: session.id,
      userId: session.userId,
      expiresAt: new Date(systemClock.nowMs() + leftMs),
      attributes: { stored: session },
    }
  }

  return {
    async getSessionAndUser(token) {
      const tokenHash = hashOfToken(token)
      const session = tokenHash === undefined ? undefined : await storage.find(tokenHash)
      if (!session || !isAlive(options, session)) return [null, null]
      return [forLucia(session), { id: session.userId, attributes: {} }]
    },
    getUserSessions: async (userId) =>
      (await storage.list(userId)).filter((session) => isAlive(options, session)).map(forLucia),
    async setSession({ id: token, userId, attributes }) {
      const now = clock.nowMs()
      const { ipAddress = null, userAgent = null } = attributes as NewSession
      const isStored = await storage.insert({
        id: newId('ses'),
        tokenHash: hashOfToken(token) ?? '',
        userId,
        ipAddress,
        userAgent: userAgent?.slice(0, 400) ?? null,
        createdAt: new Date(now),
        lastSeenAt: new Date(now),
        idleExpiresAt: new Date(now + Math.min(idleMs, absoluteMs)),
        absoluteExpiresAt: new Date(now + absoluteMs),
      })
      if (!isStored) fail('NOT_FOUND', { what: 'user' })
    },
    async updateSessionExpiration(id) {
      const now = clock.nowMs()
      await storage.touch(id as SessionId, { now: new Date(now), idleExpiresAt: new Date(now + idleMs) })
    },
    // The port names the user as well, so it does not go through lucia for these.
    deleteSession: async () => undefined,
    deleteUserSessions: async (userId) => void (await storage.remove(userId)),
    deleteExpiredSessions: async () => undefined,
  }
}
