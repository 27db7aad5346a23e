import { inTeam, onDeployment, router, streamOf } from '../../rpc/procedures.ts'
import { LastLines } from '../logs/schema.ts'
import type { Guard } from '../access/keep-checking.ts'
import { ChangeAudit, PlainAudit, SuspendAudit } from '../access/audit.ts'
import * as activity from './activity-schema.ts'
import { createDeployment } from './create-deployment.ts'
import { deleteDeployment } from './delete-deployment.ts'
import { deployImage } from './deploy-image.ts'
import { diffRevisions } from './diff-revisions.ts'
import { getDeployment } from './get-deployment.ts'
import { lastLines } from './last-lines.ts'
import { listActivity } from './list-activity.ts'
import { listDeployments } from './list-deployments.ts'
import { listRevisions } from './list-revisions.ts'
import { previewDeployment, previewUpdate } from './preview-deployment.ts'
import { restartDeployment } from './restart-deployment.ts'
import * as revisions from './revision-schema.ts'
import { rollbackDeployment } from './rollback-deployment.ts'
import { scaleService } from './scale-service.ts'
import * as schema from './schema.ts'
import { setRollbackOnFailure } from './set-rollback-on-failure.ts'
import { suspendDeployment } from './suspend-deployment.ts'
import { DeploymentTransferAudit, TransferDeployment, transferDeployment } from './transfer-deployment.ts'
import { updateConfig } from './update-config.ts'
import { updateEnv } from './update-env.ts'
import { updateIngress } from './update-ingress.ts'
import { watchOne, watchTeam } from './watch-deployments.ts'

const revisionsRouter = router({
  list: onDeployment('revision:read')
    .output(revisions.RevisionPage)
    .input(revisions.ListRevisions)
    .query(async ({ ctx, input }) => listRevisions(ctx.deps, input)),

  /** What changed from one revision to another. */
  diff: onDeployment('revision:read')
    .output(revisions.RevisionDiff)
    .input(revisions.DiffRevisions)
    .query(async ({ ctx, input }) => diffRevisions(ctx.deps, input)),
})

export const deploymentsRouter = router({
  create: inTeam('deployment:create', { audit: PlainAudit })
    .output(schema.DeploymentChanged)
    .input(schema.CreateDeployment)
    .mutation(async ({ ctx, input }) => createDeployment(ctx.deps, ctx.caller, input)),

  /** What `create` would make. A mutation for its size: a form does not fit into a URL. It changes nothing. */
  plan: inTeam('deployment:create', { audit: 'none' })
    .output(schema.DeploymentPlan)
    .input(schema.PlanDeployment)
    .mutation(async ({ ctx, input }) => previewDeployment(ctx.deps, ctx.caller, input)),

  planUpdate: onDeployment('deployment:update', { audit: 'none' })
    .output(schema.DeploymentPlan)
    .input(schema.PlanUpdate)
    .mutation(async ({ ctx, input }) => previewUpdate(ctx.deps, ctx.caller, input)),

  list: inTeam('deployment:read')
    .output(schema.DeploymentPage)
    .input(schema.ListDeployments)
    .query(async ({ ctx, input }) => listDeployments(ctx.deps, input)),

  get: onDeployment('deployment:read')
    .output(schema.DeploymentView)
    .input(schema.GetDeployment)
    .query(async ({ ctx, input }) => getDeployment(ctx.deps, input.id)),

  /** What the services that end again and again said last; nothing while none does. */
  lastLines: onDeployment('log:read')
    .output(LastLines)
    .input(schema.GetDeployment)
    .query(async ({ ctx, input }) => lastLines(ctx.deps, input.id)),

  activity: onDeployment('deployment:read')
    .output(activity.ActivityPage)
    .input(activity.ListActivity)
    .query(async ({ ctx, input }) => listActivity(ctx.deps, input)),

  updateEnv: onDeployment('deployment:update', { audit: ChangeAudit })
    .output(schema.DeploymentChanged)
    .input(schema.UpdateEnv)
    .mutation(async ({ ctx, input }) => updateEnv(ctx.deps, ctx.caller, input)),

  deployImage: onDeployment('deployment:update', { audit: ChangeAudit })
    .output(schema.DeploymentChanged)
    .input(schema.DeployImage)
    .mutation(async ({ ctx, input }) => deployImage(ctx.deps, ctx.caller, input)),

  scale: onDeployment('deployment:update', { audit: ChangeAudit })
    .output(schema.DeploymentChanged)
    .input(schema.ScaleService)
    .mutation(async ({ ctx, input }) => scaleService(ctx.deps, ctx.caller, input)),

  updateConfig: onDeployment('deployment:update', { audit: ChangeAudit })
    .output(schema.DeploymentChanged)
    .input(schema.UpdateConfig)
    .mutation(async ({ ctx, input }) => updateConfig(ctx.deps, ctx.caller, input)),

  updateIngress: onDeployment('deployment:update', { audit: ChangeAudit })
    .output(schema.DeploymentChanged)
    .input(schema.UpdateIngress)
    .mutation(async ({ ctx, input }) => updateIngress(ctx.deps, ctx.caller, input)),

  revisions: revisionsRouter,

  rollback: onDeployment('deployment:rollback', { audit: ChangeAudit })
    .output(schema.DeploymentChanged)
    .input(revisions.RollbackDeployment)
    .mutation(async ({ ctx, input }) => rollbackDeployment(ctx.deps, ctx.caller, input)),

  setRollbackOnFailure: onDeployment('deployment:update', { audit: ChangeAudit })
    .output(schema.DeploymentChanged)
    .input(schema.SetRollbackOnFailure)
    .mutation(async ({ ctx, input }) => setRollbackOnFailure(ctx.deps, ctx.caller, input)),

  suspend: onDeployment('deployment:suspend', { audit: SuspendAudit })
    .output(schema.DeploymentChanged)
    .input(schema.SuspendDeployment)
    .mutation(async ({ ctx, input: { id } }) =>
      suspendDeployment(ctx.deps, ctx.caller, { id, suspended: true }),
    ),

  resume: onDeployment('deployment:suspend', { audit: SuspendAudit })
    .output(schema.DeploymentChanged)
    .input(schema.ResumeDeployment)
    .mutation(async ({ ctx, input: { id } }) =>
      suspendDeployment(ctx.deps, ctx.caller, { id, suspended: false }),
    ),

  restart: onDeployment('deployment:restart', { audit: PlainAudit })
    .output(schema.DeploymentChanged)
    .input(schema.RestartDeployment)
    .mutation(async ({ ctx, input }) => restartDeployment(ctx.deps, ctx.caller, input.id)),

  transfer: onDeployment('deployment:transfer', { audit: DeploymentTransferAudit })
    .output(schema.DeploymentChanged)
    .input(TransferDeployment)
    .mutation(async ({ ctx, input }) => transferDeployment(ctx.deps, ctx.caller, input)),

  delete: onDeployment('deployment:delete', { audit: PlainAudit })
    .output(schema.DeploymentChanged)
    .input(schema.DeleteDeployment)
    .mutation(async ({ ctx, input }) => deleteDeployment(ctx.deps, ctx.caller, input.id)),

  /** The deployments of a team: the newest page, then each that changes. */
  onChange: inTeam('deployment:read')
    .output(streamOf(schema.DeploymentChange))
    .input(schema.WatchDeployments)
    .subscription(({ ctx, input, signal }) =>
      watchTeam(ctx.deps, input.teamId, watchingOf(input, ctx.guard, signal)),
    ),

  /** One deployment with everything, as it changes. */
  onChangeOf: onDeployment('deployment:read')
    .output(streamOf(schema.DeploymentViewChange))
    .input(schema.WatchDeployment)
    .subscription(({ ctx, input, signal }) =>
      watchOne(ctx.deps, input.id, watchingOf(input, ctx.guard, signal)),
    ),
})

const watchingOf = (
  { lastEventId }: { lastEventId?: string | null | undefined },
  guard: Guard,
  signal: AbortSignal | undefined,
) => ({ lastEventId, guard, signal: signal ?? new AbortController().signal })
