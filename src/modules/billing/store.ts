/** What is known of Stripe here: subscriptions, what they mean for their organisations, and events. */
import { beginBillingLook } from '../../../prisma/sql/begin-billing-look.generated.ts'
import { writeStanding } from '../../../prisma/sql/write-standing.generated.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

/** A look at Stripe that has its number, and whose customer is looked at. */
export type Look = RowOf<typeof beginBillingLook>

export const beginLook = async (db: Db, customerId: string): Promise<Look> =>
  db.one(beginBillingLook, { customerId })

export type Written = RowOf<typeof writeStanding>

/** @returns undefined: a newer answer is there already, or there is no such organisation */
export const writeStandingRow = async (
  db: Db,
  params: ParamsOf<typeof writeStanding>,
): Promise<Written | undefined> => db.first(writeStanding, params)
