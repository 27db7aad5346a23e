import { onDeployment, router } from '../../rpc/procedures.ts'
import { FollowAudit } from '../access/audit.ts'
import { listFollows } from './list-follows.ts'
import { FollowList, FollowSet, ListFollows, SetFollow } from './schema.ts'
import { setFollow } from './set-follow.ts'

/** Services that follow the tag of their image. */
export const followsRouter = router({
  list: onDeployment('deployment:read')
    .output(FollowList)
    .input(ListFollows)
    .query(async ({ ctx, input }) => listFollows(ctx.deps, input.id)),

  set: onDeployment('deployment:update', { audit: FollowAudit })
    .output(FollowSet)
    .input(SetFollow)
    .mutation(async ({ ctx, input }) => setFollow(ctx.deps, ctx.caller, input)),
})
