import { openExec } from '../../../prisma/sql/open-exec.generated.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

/** Undefined: the deployment is being deleted, or is gone. */
export const openExecRow = async (
  db: Db,
  params: ParamsOf<typeof openExec>,
): Promise<RowOf<typeof openExec> | undefined> => db.first(openExec, params)
