import type { DeploymentId } from '../../contract/ids.ts'
import type { Deps } from '../deps.ts'
import { FollowList, type Follow } from './schema.ts'
import { listFollowRows } from './store.ts'

/** What the services of a deployment follow. */
export async function listFollows({ db }: Pick<Deps, 'db'>, id: DeploymentId): Promise<Follow[]> {
  const rows = await listFollowRows(db, id)
  return FollowList.parse(
    rows.map(({ followedByName, createdAt, askedAt, ...row }) => ({
      ...row,
      followedBy: followedByName,
      since: createdAt.toISOString(),
      askedAt: askedAt?.toISOString() ?? null,
    })),
  )
}
