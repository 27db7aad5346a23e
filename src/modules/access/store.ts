/** Who calls: the statement that every request begins with. And what comes before: signing in, and its limits. */
import { countTry } from '../../../prisma/sql/count-try.generated.ts'
import { findActor } from '../../../prisma/sql/find-actor.generated.ts'
import { findApiKeyActor } from '../../../prisma/sql/find-api-key-actor.generated.ts'
import { findUserActor } from '../../../prisma/sql/find-user-actor.generated.ts'
import { signIn } from '../../../prisma/sql/sign-in.generated.ts'
import { touchApiKey as touchStatement } from '../../../prisma/sql/touch-api-key.generated.ts'
import { takeSignIn } from '../../../prisma/sql/take-sign-in.generated.ts'
import type { AnyId, UserId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import { isConstraintError } from '../../ports/db/errors.ts'
import type { Db } from '../../ports/db/port.ts'
import { repeatOn } from '../../ports/db/repeat-on.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

export interface Question {
  /** Hash of what the caller showed. */
  hash: string
  /** What the request is about, if it names anything. */
  scopeId: AnyId | undefined
  now: Date
}

export type SessionRow = RowOf<typeof findActor>
export type UserRow = RowOf<typeof findUserActor>
export type ApiKeyRow = RowOf<typeof findApiKeyActor>

export const findBySession = async (
  db: Db,
  { hash, scopeId, now }: Question,
): Promise<SessionRow | undefined> => db.first(findActor, { tokenHash: hash, scopeId: scopeId ?? null, now })

export const findByUser = async (
  db: Db,
  { userId, scopeId }: Pick<Question, 'scopeId'> & { userId: UserId },
): Promise<UserRow | undefined> => db.first(findUserActor, { userId, scopeId: scopeId ?? null })

export const findByApiKey = async (
  db: Db,
  { hash, scopeId, now }: Question,
): Promise<ApiKeyRow | undefined> =>
  db.first(findApiKeyActor, { keyHash: hash, scopeId: scopeId ?? null, now })

export const touchApiKey = async (db: Db, params: ParamsOf<typeof touchStatement>): Promise<void> =>
  void (await db.first(touchStatement, params))

/** @throws {AppError} EMAIL_TAKEN when the address belongs to another identity */
export async function signInRow(db: Db, params: ParamsOf<typeof signIn>): Promise<RowOf<typeof signIn>> {
  try {
    return await repeatOn(['organizations_slug_key', 'oauth_accounts_user_id_not_null'], async () =>
      db.one(signIn, params),
    )
  } catch (error) {
    if (!isConstraintError(error, 'oauth_accounts_user_id_fkey')) throw error
    return fail('EMAIL_TAKEN', {}, { because: 'the address belongs to another identity', cause: error })
  }
}

export interface AttemptRow {
  readonly handleHash: string
  readonly redirect: string
  readonly createdAt: Date
  readonly expiresAt: Date
}

export const insertAttempt = async (db: Db, row: AttemptRow): Promise<void> =>
  void (await db.prisma.signInAttempt.create({ data: row, select: { handleHash: true } }))

export const takeAttempt = async (
  db: Db,
  params: ParamsOf<typeof takeSignIn>,
): Promise<RowOf<typeof takeSignIn>> => db.one(takeSignIn, params)

/** How often it was tried since the window began, this time included, and when the window ends. */
export const countTryRow = async (
  db: Db,
  params: ParamsOf<typeof countTry>,
): Promise<RowOf<typeof countTry>> => db.one(countTry, params)

/** Answers how many rows of either kind there were that had ended by then. */
export async function forgetEnded(db: Db, then: Date): Promise<number> {
  const attempts = await db.prisma.signInAttempt.deleteMany({ where: { expiresAt: { lt: then } } })
  const tries = await db.prisma.rateLimit.deleteMany({ where: { windowEndsAt: { lt: then } } })
  return attempts.count + tries.count
}
