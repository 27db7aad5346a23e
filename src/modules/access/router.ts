import { router, self } from '../../rpc/procedures.ts'
import { Me } from './schema.ts'
import { viewOfMe } from './view.ts'

export const authRouter = router({
  /** Who is signed in, with organisations, teams and roles: what the frame of the dashboard needs. */
  me: self('self:read')
    .output(Me)
    .query(({ ctx }) => viewOfMe(ctx.actor)),
})
