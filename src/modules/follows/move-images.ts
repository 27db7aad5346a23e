/**
 * Gives services that follow a tag the image that it means by now: one revision for each digest, whoever sees it and
 * however often. What became of that revision is not looked at: one that fails stands there as any other, and is not
 * tried again until the tag moves on.
 */
import { withDigest } from '../../contract/image.ts'
import { fail, isAppError } from '../../errors.ts'
import type { Agent } from '../access/actor.ts'
import { changeRow } from '../deployments/change-deployment.ts'
import { withService } from '../deployments/change-service.ts'
import type { Deps } from '../deps.ts'
import { listMoved, settleFollows, type MovedRow } from './store.ts'

type Needed = Pick<Deps, 'db' | 'pushes' | 'changes' | 'settings'>

interface Moving {
  readonly signal: AbortSignal
  /** Told of a deployment that could not be changed; it is tried again in the next run. */
  readonly onFailure: (error: unknown, row: MovedRow) => void
}

const PAGE = 100
/** The author of such revisions, in history, activity and audit. */
const WATCHER = 'image watcher'

/** @returns how many revisions were made */
export async function moveImages(deps: Needed, { signal, onFailure }: Moving): Promise<number> {
  await settleFollows(deps.db)
  let moved = 0
  let after: string | null = null
  while (!signal.aborted) {
    const rows: MovedRow[] = await listMoved(deps.db, { only: null, after, limit: PAGE })
    for (const row of rows) {
      if (signal.aborted) break
      moved += await moveImage(deps, row).catch((error: unknown) => {
        onFailure(error, row)
        return 0
      })
    }
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) break
    after = `${last.deploymentId}/${last.service}`
  }
  return moved
}

/** @returns how many revisions were made: none when there is nothing to do any more */
async function moveImage(deps: Needed, { deploymentId: id, service, ...seen }: MovedRow): Promise<0 | 1> {
  const by: Agent = { name: WATCHER, onBehalfOf: seen.followedById }
  const read = async (): Promise<MovedRow> => {
    const rows = await listMoved(deps.db, { only: id, after: null, limit: PAGE })
    return rows.find((row) => row.service === service) ?? fail('NOT_FOUND', { what: 'service' })
  }
  try {
    await changeRow(deps, { caller: by, id, read }, async ({ row, spec }) => {
      const { image, digest, followedByName } = row
      return {
        spec: withService(spec, service, { image: withDigest(image, digest) }),
        action: 'deployment:update',
        activity: { kind: 'image_moved', detail: { service, image, digest, onBehalfOf: followedByName } },
        followed: { service, digest },
        note: `${image} has moved`,
      }
    })
    return 1
  } catch (error) {
    // Another worker was first, or somebody stopped or deleted it, or switched this off.
    if (isAppError(error, 'NOT_FOUND', 'BEING_DELETED')) return 0
    throw error
  }
}
