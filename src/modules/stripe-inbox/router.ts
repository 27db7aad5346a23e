import { onPlatform, router } from '../../rpc/procedures.ts'
import { PlainAudit } from '../access/audit.ts'
import { EventReplayed, InboxPage, ListInbox, ReplayEvent } from './schema.ts'
import { listInbox } from './list-inbox.ts'
import { replayEvent } from './replay-event.ts'

/** For who runs the installation: what Stripe has told, and what came of it. */
export const stripeInboxRouter = router({
  list: onPlatform('stripe-event:read')
    .output(InboxPage)
    .input(ListInbox)
    .query(async ({ ctx, input }) => listInbox(ctx.deps, input)),

  replay: onPlatform('stripe-event:retry', { audit: PlainAudit })
    .output(EventReplayed)
    .input(ReplayEvent)
    .mutation(async ({ ctx, input }) => replayEvent(ctx.deps, ctx, input.eventId)),
})
