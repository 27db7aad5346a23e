/** All procedures. Browser and SDK see the type of this, and nothing else of the server. */
import { authRouter } from '../modules/access/router.ts'
import { apiKeysRouter } from '../modules/api-keys/router.ts'
import { auditRouter } from '../modules/audit/router.ts'
import { billingRouter } from '../modules/billing/router.ts'
import { comparisonRouter } from '../modules/comparison/router.ts'
import { deploymentsRouter } from '../modules/deployments/router.ts'
import { execRouter } from '../modules/exec/router.ts'
import { followsRouter } from '../modules/follows/router.ts'
import { garbageRouter } from '../modules/garbage/router.ts'
import { invitationsRouter } from '../modules/invitations/router.ts'
import { membersRouter } from '../modules/members/router.ts'
import { orgsRouter } from '../modules/orgs/router.ts'
import { secretsRouter } from '../modules/secrets/router.ts'
import { sessionsRouter } from '../modules/sessions/router.ts'
import { stripeInboxRouter } from '../modules/stripe-inbox/router.ts'
import { teamsRouter } from '../modules/teams/router.ts'
import { templatesRouter } from '../modules/templates/router.ts'
import { usageRouter } from '../modules/usage/router.ts'
import { router } from './procedures.ts'

export const appRouter = router({
  auth: authRouter,
  orgs: orgsRouter,
  members: membersRouter,
  invitations: invitationsRouter,
  teams: teamsRouter,
  templates: templatesRouter,
  deployments: deploymentsRouter,
  exec: execRouter,
  follows: followsRouter,
  garbage: garbageRouter,
  secrets: secretsRouter,
  apiKeys: apiKeysRouter,
  audit: auditRouter,
  billing: billingRouter,
  sessions: sessionsRouter,
  comparison: comparisonRouter,
  usage: usageRouter,
  stripeInbox: stripeInboxRouter,
})

export type AppRouter = typeof appRouter
