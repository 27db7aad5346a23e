import { createSession } from '../../../prisma/sql/create-session.generated.ts'
import { deleteExpiredSessions } from '../../../prisma/sql/delete-expired-sessions.generated.ts'
import { touchSession } from '../../../prisma/sql/touch-session.generated.ts'
import type { SessionId, TeamId, UserId } from '../../contract/ids.ts'
import type { Db } from '../db/port.ts'
import type { Session } from './port.ts'
import type { SessionStorage } from './storage.ts'

/** Sessions in PostgreSQL: every replica knows them, and a restart forgets none. */
export function postgresSessions(db: Db): SessionStorage {
  return {
    isInDatabase: true,
    async insert(session) {
      const params = { ...session, sessionId: session.id, ip: session.ipAddress, now: session.createdAt }
      return (await db.first(createSession, params)) !== undefined
    },
    async find(tokenHash) {
      const row = await db.prisma.session.findUnique({ where: { tokenHash }, omit: { tokenHash: true } })
      return row ? sessionOf(row) : undefined
    },
    async findById(id) {
      const row = await db.prisma.session.findUnique({ where: { id }, omit: { tokenHash: true } })
      return row ? sessionOf(row) : undefined
    },
    async renew(id, tokenHash) {
      const { count } = await db.prisma.session.updateMany({ where: { id }, data: { tokenHash } })
      return count > 0
    },
    async list(userId) {
      const rows = await db.prisma.session.findMany({
        where: { userId },
        omit: { tokenHash: true },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: 200,
      })
      return rows.map(sessionOf)
    },
    touch: async (sessionId, times) => void (await db.first(touchSession, { sessionId, ...times })),
    setCurrentTeam: async (id, currentTeamId) =>
      void (await db.prisma.session.updateMany({ where: { id }, data: { currentTeamId } })),
    async remove(userId, { only, except } = {}) {
      const id = {
        ...(only === undefined ? {} : { equals: only }),
        ...(except === undefined ? {} : { not: except }),
      }
      const { count } = await db.prisma.session.deleteMany({ where: { userId, id } })
      return count
    },
    removeExpired: async (now, limit) => (await db.all(deleteExpiredSessions, { now, limit })).length,
    // A trigger tells, on the channel of rights.
    hearEnds: () => async () => undefined,
    ping: async () => db.ping(),
    // The database is closed by whoever opened it.
    close: async () => undefined,
  }
}

interface Row extends Omit<Session, 'id' | 'userId' | 'currentTeamId' | 'ipAddress'> {
  readonly id: string
  readonly userId: string
  readonly currentTeamId: string | null
  readonly ip: string | null
}

function sessionOf({ ip, ...row }: Row): Session {
  return {
    ...row,
    id: row.id as SessionId,
    userId: row.userId as UserId,
    currentTeamId: row.currentTeamId as TeamId | null,
    ipAddress: ip,
  }
}
