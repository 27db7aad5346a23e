/** The inbox as it is looked at. */
import { listEvents } from '../../../prisma/sql/list-events.generated.ts'
import { replayEvent } from '../../../prisma/sql/replay-event.generated.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

/** At least one row: without an event it tells only how many wait. */
export const listEventRows = async (
  db: Db,
  params: ParamsOf<typeof listEvents>,
): Promise<RowOf<typeof listEvents>[]> => db.all(listEvents, params)

/** @returns whether there is such an event */
export const replayEventRow = async (db: Db, params: ParamsOf<typeof replayEvent>): Promise<boolean> =>
  (await db.first(replayEvent, params)) !== undefined
