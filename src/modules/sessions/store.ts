import { endSessions } from '../../../prisma/sql/end-sessions.generated.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf } from '../../ports/db/statement.ts'

/** Answers how many were ended, those that were elsewhere included. */
export const endSessionRows = async (db: Db, params: ParamsOf<typeof endSessions>): Promise<number> =>
  (await db.one(endSessions, params)).ended
