import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import type { Deps } from '../deps.ts'
import type { OrgView } from './schema.ts'
import { findOrg } from './store.ts'

/** An organisation with what is left of its plan. */
export async function getOrg(
  { db, settings }: Pick<Deps, 'db' | 'settings'>,
  { actor, scope }: Caller,
): Promise<OrgView> {
  const row = await findOrg(db, scope.orgId)
  // Seen by an owner's or admin's grant, or by that of a member: all of them are rows of the organisation.
  const role = actor.orgs.find(({ orgId }) => orgId === scope.orgId)?.role
  if (!row || !role) fail('NOT_FOUND', { what: 'organisation' })
  const limit = (own: number | null, ofPlan: number | null): number | null =>
    settings.isBillingEnabled ? (own ?? ofPlan) : null
  return {
    id: scope.orgId,
    slug: row.slug,
    name: row.name,
    role,
    plan: row.planId,
    deployments: { used: row.deploymentsUsed, limit: limit(row.deploymentsLimit, row.plan.deploymentsLimit) },
    members: { used: row.membersUsed, limit: limit(row.membersLimit, row.plan.membersLimit) },
    teams: { used: row.teamsUsed, limit: limit(row.teamsLimit, row.plan.teamsLimit) },
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
    suspendedReason: row.suspendedReason,
    createdAt: row.createdAt.toISOString(),
  }
}
