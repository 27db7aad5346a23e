import { onPlatform, router, self } from '../../rpc/procedures.ts'
import { SessionsAudit } from '../access/audit.ts'
import { listSessions } from './list-sessions.ts'
import { revokeOtherSessions, revokeSession, revokeSessionsOf } from './revoke-sessions.ts'
import { MySessions, RevokeSession, RevokeSessionsOf, SessionsEnded } from './schema.ts'

export const sessionsRouter = router({
  /** Where one is signed in. */
  list: self('session:read')
    .output(MySessions)
    .query(async ({ ctx }) => listSessions(ctx.deps, ctx.actor)),

  revoke: self('session:revoke', { audit: SessionsAudit })
    .output(SessionsEnded)
    .input(RevokeSession)
    .mutation(async ({ ctx, input }) => revokeSession(ctx.deps, ctx, input.sessionId)),

  /** Whoever fears that somebody else is signed in has this session's token changed as well. */
  revokeOthers: self('session:revoke', { audit: SessionsAudit, renewsSession: true })
    .output(SessionsEnded)
    .mutation(async ({ ctx }) => revokeOtherSessions(ctx.deps, ctx)),

  /** Signs somebody out everywhere, for who runs the installation. */
  revokeOf: onPlatform('session:revoke-any', { audit: SessionsAudit })
    .output(SessionsEnded)
    .input(RevokeSessionsOf)
    .mutation(async ({ ctx, input }) => revokeSessionsOf(ctx.deps, ctx, input.email)),
})
