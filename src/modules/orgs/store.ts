import { createOrg } from '../../../prisma/sql/create-org.generated.ts'
import { deleteOrg } from '../../../prisma/sql/delete-org.generated.ts'
import { finishOrgRemoval } from '../../../prisma/sql/finish-org-removal.generated.ts'
import { listAllOrgs } from '../../../prisma/sql/list-all-orgs.generated.ts'
import { suspendOrg } from '../../../prisma/sql/suspend-org.generated.ts'
import { transferOrg } from '../../../prisma/sql/transfer-org.generated.ts'
import { updateOrg } from '../../../prisma/sql/update-org.generated.ts'
import { newId, type OrgId } from '../../contract/ids.ts'
import { isConstraintError } from '../../ports/db/errors.ts'
import type { Db } from '../../ports/db/port.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

export interface OrgRow {
  readonly slug: string
  readonly name: string
  readonly planId: string
  readonly deploymentsUsed: number
  readonly deploymentsLimit: number | null
  readonly membersUsed: number
  readonly membersLimit: number | null
  readonly teamsUsed: number
  readonly teamsLimit: number | null
  readonly suspendedAt: Date | null
  readonly suspendedReason: string | null
  readonly createdAt: Date
  readonly plan: {
    readonly deploymentsLimit: number | null
    readonly membersLimit: number | null
    readonly teamsLimit: number | null
  }
}

export async function findOrg(db: Db, id: OrgId): Promise<OrgRow | undefined> {
  const row = await db.prisma.organization.findUnique({
    where: { id },
    select: {
      slug: true,
      name: true,
      planId: true,
      deploymentsUsed: true,
      deploymentsLimit: true,
      membersUsed: true,
      membersLimit: true,
      teamsUsed: true,
      teamsLimit: true,
      suspendedAt: true,
      suspendedReason: true,
      createdAt: true,
      plan: { select: { deploymentsLimit: true, membersLimit: true, teamsLimit: true } },
    },
  })
  return row ?? undefined
}

/** The slug of a new or renamed organisation belongs to another one. */
export const isSlugTaken = (error: unknown): boolean => isConstraintError(error, 'organizations_slug_key')

/** The heir has just left. */
export const isHeirGone = (error: unknown): boolean => isConstraintError(error, 'org_members_an_owner')

export const insertOrg = async (db: Db, params: ParamsOf<typeof createOrg>): Promise<OrgId> =>
  (await db.one(createOrg, params)).orgId

export const updateOrgRow = async (
  db: Db,
  params: ParamsOf<typeof updateOrg>,
): Promise<RowOf<typeof updateOrg> | undefined> => db.first(updateOrg, params)

export const transferOrgRow = async (
  db: Db,
  params: ParamsOf<typeof transferOrg>,
): Promise<RowOf<typeof transferOrg>> => db.one(transferOrg, params)

export type AnyOrgRow = RowOf<typeof listAllOrgs>

export const listAllOrgRows = async (db: Db, params: ParamsOf<typeof listAllOrgs>): Promise<AnyOrgRow[]> =>
  db.all(listAllOrgs, params)

export const suspendOrgRow = async (
  db: Db,
  params: ParamsOf<typeof suspendOrg>,
): Promise<RowOf<typeof suspendOrg> | undefined> => db.first(suspendOrg, params)

export const deleteOrgRow = async (
  db: Db,
  params: ParamsOf<typeof deleteOrg>,
): Promise<RowOf<typeof deleteOrg>> => db.one(deleteOrg, params)

/** Organisations that were deleted and may have something left, the oldest first. */
export async function listRemovals(db: Db): Promise<OrgId[]> {
  const rows = await db.prisma.orgRemoval.findMany({
    where: { doneAt: null },
    orderBy: { requestedAt: 'asc' },
    take: 100,
    select: { orgId: true },
  })
  return rows.map(({ orgId }) => orgId as OrgId)
}

/** @returns whether it was this call that finished it */
export const finishRemoval = async (db: Db, orgId: OrgId): Promise<boolean> =>
  (await db.first(finishOrgRemoval, { orgId, auditId: newId('aud') })) !== undefined
