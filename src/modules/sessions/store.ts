import { endSessions } from '../../../prisma/sql/end-sessions.generated.ts'
import type { UserId } from '../../contract/ids.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf } from '../../ports/db/statement.ts'

/** Answers how many were ended, those that were elsewhere included. */
export const endSessionRows = async (db: Db, params: ParamsOf<typeof endSessions>): Promise<number> =>
  (await db.one(endSessions, params)).ended

interface UserRow {
  readonly id: UserId
  readonly name: string
}

export async function findUserByEmail(db: Db, email: string): Promise<UserRow | undefined> {
  const where = { email: email.toLowerCase() }
  const row = await db.prisma.user.findUnique({ where, select: { id: true, name: true } })
  return row ? { id: row.id as UserId, name: row.name } : undefined
}
