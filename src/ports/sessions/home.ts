/** What a storage outside of the database must ask it: whether there is such a user, and in which team to begin. */
import { findHome } from '../../../prisma/sql/find-home.generated.ts'
import type { TeamId, UserId } from '../../contract/ids.ts'
import type { Db } from '../db/port.ts'

interface Home {
  readonly teamId: TeamId | null
}

/** Undefined: there is no such user. @param lastTeamId where the user was last */
export type FindHome = (userId: UserId, lastTeamId: TeamId | null) => Promise<Home | undefined>

export const homesIn =
  (db: Db): FindHome =>
  async (userId, lastTeamId) =>
    db.first(findHome, { userId, lastTeamId })
