// Written by `npm run gen` from upsert-plans.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Makes the plans as src/contract/tiers.ts says. What an administrator adds (the price at Stripe) is kept.
 */
export const upsertPlans = statement<
  { plans: { id: string; name: string; position: number; deploymentsLimit: number | null; membersLimit: number | null; teamsLimit: number | null; isolation: 'shared' | 'namespace' | 'dedicated'; auditDays: number | null }[] },
  { planId: string }
>({
  name: 'upsert-plans',
  text: `INSERT INTO plans AS p (id, name, position, deployments_limit, members_limit, teams_limit, isolation, audit_days)
SELECT given.id, given.name, given.position, given."deploymentsLimit", given."membersLimit", given."teamsLimit", given.isolation,
    given."auditDays"
FROM jsonb_to_recordset($1::jsonb) AS
    given (id text, name text, position int, "deploymentsLimit" int, "membersLimit" int, "teamsLimit" int, isolation text,
        "auditDays" int)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name, position = excluded.position, deployments_limit = excluded.deployments_limit,
    members_limit = excluded.members_limit, teams_limit = excluded.teams_limit, isolation = excluded.isolation,
    audit_days = excluded.audit_days, updated_at = now()
WHERE (p.name, p.position, p.deployments_limit, p.members_limit, p.teams_limit, p.isolation, p.audit_days)
    IS DISTINCT FROM
    (excluded.name, excluded.position, excluded.deployments_limit, excluded.members_limit, excluded.teams_limit, excluded.isolation, excluded.audit_days)
RETURNING id AS plan_id`,
  params: ['plans'],
  json: ['plans'],
  columns: ['planId'],
})
