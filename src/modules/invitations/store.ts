import { acceptInvitation } from '../../../prisma/sql/accept-invitation.generated.ts'
import { createInvitation } from '../../../prisma/sql/create-invitation.generated.ts'
import { findInvitation } from '../../../prisma/sql/find-invitation.generated.ts'
import { listInvitations } from '../../../prisma/sql/list-invitations.generated.ts'
import { renewInvitationLink } from '../../../prisma/sql/renew-invitation-link.generated.ts'
import { resendInvitation } from '../../../prisma/sql/resend-invitation.generated.ts'
import { revokeInvitation } from '../../../prisma/sql/revoke-invitation.generated.ts'
import { isConstraintError } from '../../ports/db/errors.ts'
import type { Db } from '../../ports/db/port.ts'
import { repeatOn } from '../../ports/db/repeat-on.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

export type FoundInvitation = RowOf<typeof findInvitation>
export type ListedInvitation = RowOf<typeof listInvitations>
export type Letter = RowOf<typeof renewInvitationLink>

/** There is an open invitation for the address. */
export const isInvitedAlready = (error: unknown): boolean => isConstraintError(error, 'invitations_open')

export const insertInvitation = async (
  db: Db,
  params: ParamsOf<typeof createInvitation>,
): Promise<RowOf<typeof createInvitation>> => db.one(createInvitation, params)

export const resendRow = async (
  db: Db,
  params: ParamsOf<typeof resendInvitation>,
): Promise<RowOf<typeof resendInvitation> | undefined> => db.first(resendInvitation, params)

export const revokeRow = async (
  db: Db,
  params: ParamsOf<typeof revokeInvitation>,
): Promise<RowOf<typeof revokeInvitation> | undefined> => db.first(revokeInvitation, params)

/** Undefined: it is not open any more. */
export const renewLink = async (
  db: Db,
  params: ParamsOf<typeof renewInvitationLink>,
): Promise<Letter | undefined> => db.first(renewInvitationLink, params)

export const findByToken = async (db: Db, tokenHash: string): Promise<FoundInvitation | undefined> =>
  db.first(findInvitation, { tokenHash })

export const listInvitationRows = async (
  db: Db,
  params: ParamsOf<typeof listInvitations>,
): Promise<ListedInvitation[]> => db.all(listInvitations, params)

/** What is done at the same moment (accepted, revoked, removed) is seen the second time. */
export const acceptRow = async (
  db: Db,
  params: ParamsOf<typeof acceptInvitation>,
): Promise<RowOf<typeof acceptInvitation>> =>
  repeatOn(['org_members_pkey', 'org_members_role_not_null', 'team_members_org_id_user_id_fkey'], async () =>
    db.one(acceptInvitation, params),
  )
