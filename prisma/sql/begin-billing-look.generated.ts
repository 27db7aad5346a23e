// Written by `npm run gen` from begin-billing-look.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type OrgId } from '../../src/contract/ids.ts'

/**
 * Numbers a look at a customer of Stripe's before it begins, and tells whose customer it is: of an organisation, of one
 * that was deleted, or of nobody here.
 */
export const beginBillingLook = statement<
  { customerId: string },
  { ticket: number; orgId: OrgId | null; stage: 'full' | 'banner' | 'frozen' | 'suspended' | 'removing' | 'removed' | null; stageSince: Date | null; removedOrgId: string | null }
>({
  name: 'begin-billing-look',
  text: `SELECT nextval('billing_tickets')::float8 AS ticket, o.id AS org_id, o.billing_stage AS stage,
    o.billing_stage_since AS stage_since, r.org_id AS removed_org_id
FROM (SELECT) AS always
    LEFT JOIN organizations o ON o.stripe_customer_id = $1
    LEFT JOIN org_removals r ON r.stripe_customer_id = $1`,
  params: ['customerId'],
  json: [],
  columns: ['ticket', 'orgId', 'stage', 'stageSince', 'removedOrgId'],
})
