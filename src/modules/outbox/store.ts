/** One-shot effects that were entered with what they belong to, and happen after it. */
import { claimEffects } from '../../../prisma/sql/claim-effects.generated.ts'
import { forgetEffects } from '../../../prisma/sql/forget-effects.generated.ts'
import { markEffectDone } from '../../../prisma/sql/mark-effect-done.generated.ts'
import { markEffectFailed } from '../../../prisma/sql/mark-effect-failed.generated.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

export type ClaimedEffect = RowOf<typeof claimEffects>

export const claimRows = async (db: Db, params: ParamsOf<typeof claimEffects>): Promise<ClaimedEffect[]> =>
  db.all(claimEffects, params)

export const markDone = async (db: Db, params: ParamsOf<typeof markEffectDone>): Promise<void> =>
  void (await db.first(markEffectDone, params))

export const markFailed = async (db: Db, params: ParamsOf<typeof markEffectFailed>): Promise<void> =>
  void (await db.first(markEffectFailed, params))

export const forgetOlder = async (db: Db, ageSeconds: number): Promise<number> =>
  (await db.all(forgetEffects, { ageSeconds })).length
