/** What follows what, and what registries said of it. */
import { claimImages } from '../../../prisma/sql/claim-images.generated.ts'
import { followImage } from '../../../prisma/sql/follow-image.generated.ts'
import { forgetImages } from '../../../prisma/sql/forget-images.generated.ts'
import { listImageFollows } from '../../../prisma/sql/list-image-follows.generated.ts'
import { listMovedImages } from '../../../prisma/sql/list-moved-images.generated.ts'
import { markImageAsked } from '../../../prisma/sql/mark-image-asked.generated.ts'
import { settleImageFollows } from '../../../prisma/sql/settle-image-follows.generated.ts'
import { unfollowImage } from '../../../prisma/sql/unfollow-image.generated.ts'
import type { DeploymentId } from '../../contract/ids.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

export type MovedRow = RowOf<typeof listMovedImages>
export type ClaimedImage = RowOf<typeof claimImages>

export const followRow = async (
  db: Db,
  params: ParamsOf<typeof followImage>,
): Promise<RowOf<typeof followImage> | undefined> => db.first(followImage, params)

export const unfollowRow = async (
  db: Db,
  params: ParamsOf<typeof unfollowImage>,
): Promise<RowOf<typeof unfollowImage> | undefined> => db.first(unfollowImage, params)

export const listFollowRows = async (
  db: Db,
  deploymentId: DeploymentId,
): Promise<RowOf<typeof listImageFollows>[]> => db.all(listImageFollows, { deploymentId })

export const claimRows = async (db: Db, params: ParamsOf<typeof claimImages>): Promise<ClaimedImage[]> =>
  db.all(claimImages, params)

/** Undefined: the claim had passed to another worker. */
export const markAsked = async (
  db: Db,
  params: ParamsOf<typeof markImageAsked>,
): Promise<RowOf<typeof markImageAsked> | undefined> => db.first(markImageAsked, params)

export const listMoved = async (db: Db, params: ParamsOf<typeof listMovedImages>): Promise<MovedRow[]> =>
  db.all(listMovedImages, params)

export const settleFollows = async (db: Db): Promise<number> => (await db.all(settleImageFollows, {})).length

export const forgetUnfollowed = async (db: Db): Promise<number> => (await db.all(forgetImages, {})).length
