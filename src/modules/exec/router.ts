import { onDeployment, router } from '../../rpc/procedures.ts'
import { listExecPods } from './list-exec-pods.ts'
import { ExecPods, ListExecPods } from './schema.ts'

/** What there is to open a terminal in; the terminal itself is a WebSocket. */
export const execRouter = router({
  pods: onDeployment('exec:open')
    .output(ExecPods)
    .input(ListExecPods)
    .query(async ({ ctx, input }) => listExecPods(ctx.deps, input.id)),
})
