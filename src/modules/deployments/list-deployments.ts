import type { z } from 'zod'

import type { Deps } from '../deps.ts'
import { cursorOf, positionOf } from './cursor.ts'
import { MAX_PAGE, type DeploymentPage, type DeploymentSummary, type ListDeployments } from './schema.ts'
import { listRows, type ListedRow, type ListParams } from './store.ts'
import { viewOfListed } from './view.ts'

type Needed = Pick<Deps, 'db' | 'facts' | 'settings'>
type Page = z.output<typeof DeploymentPage>

/** Phases are known in memory alone, so a page by phase is looked for among so many rows at most. */
const LOOKS = 2

/**
 * A page of a team's deployments, newest first. By phase, a page may be short although more follow: the cursor
 * says whether there is more.
 */
export async function listDeployments(deps: Needed, input: ListDeployments): Promise<Page> {
  if (!input.phases) return onePage(deps, input, input.limit)
  const items: DeploymentSummary[] = []
  let cursor = input.cursor
  for (let look = 0; look < LOOKS && items.length < input.limit; look++) {
    const page = await onePage(deps, { ...input, cursor }, MAX_PAGE)
    const fitting = page.items.filter(({ phase }) => input.phases?.includes(phase))
    const room = input.limit - items.length
    items.push(...fitting.slice(0, room))
    const last = fitting[room - 1]
    if (fitting.length > room && last) return { items, nextCursor: cursorOfItem(last) }
    if (page.nextCursor === null) return { items, nextCursor: null }
    cursor = page.nextCursor
  }
  return { items, nextCursor: cursor ?? null }
}

async function onePage(deps: Needed, input: ListDeployments, limit: number): Promise<Page> {
  // One more than is shown tells whether there is another page.
  const rows = await listRows(deps.db, { ...filterOf(input), limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map((row) => viewOfListed(row, deps)),
    nextCursor: rows.length > limit && last ? cursorOfRow(last) : null,
  }
}

function filterOf({
  teamId,
  cursor,
  search,
  ownerId,
  templateId,
}: ListDeployments): Omit<ListParams, 'limit'> {
  const after = cursor === undefined ? { id: null, at: null } : positionOf(cursor)
  return {
    teamIds: [teamId],
    afterId: after.id,
    afterCreatedAt: after.at,
    search: search?.trim() || null,
    ownerId: ownerId ?? null,
    templateId: templateId ?? null,
  }
}

const cursorOfRow = ({ createdAt, deploymentId }: ListedRow): string =>
  cursorOf({ at: createdAt, id: deploymentId })

const cursorOfItem = ({ createdAt, id }: DeploymentSummary): string =>
  cursorOf({ at: new Date(createdAt), id })
