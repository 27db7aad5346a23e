/** Puts a verdict on the resource: its status, written only when it differs, and an event when it says something new. */
import type { z } from 'zod'

import { findCondition, needsSomebody, type Condition } from '../../src/contract/crd/conditions.ts'
import type { UserDeploymentStatus } from '../../src/contract/crd/user-deployment.ts'
import { conditionsOf, mergeConditions } from '../runtime/conditions.ts'
import { KubeError, type KubeObject } from '../runtime/cluster.ts'
import type { ReconcileContext } from '../runtime/controller-types.ts'
import { stalled, wait, type Result, type Stalled, type Wait } from '../runtime/result.ts'
import type { RawResource } from './caches.ts'
import { endedConsumption } from './consumption.ts'
import { lastErrorOf, type Verdict } from './status.ts'

export async function publishVerdict(
  raw: RawResource,
  { status, result }: Verdict,
  context: ReconcileContext,
): Promise<Result> {
  await context.cluster.applyStatus<KubeObject & { status: UserDeploymentStatus }>(
    { ...identityOf(raw), status },
    { live: raw as KubeObject & { status: UserDeploymentStatus }, signal: context.signal },
  )
  announce(raw, status, context)
  return result
}

/** Nothing else is to do: what it had goes with it. Seen while somebody else's finalizer, or a foreground deletion, holds it. */
export async function publishDeleting(raw: RawResource, context: ReconcileContext): Promise<Result> {
  const before = statusBefore(raw)
  const deadline = deletionDeadline(raw)
  const result = deletionResult(raw, deadline.getTime() - context.now().getTime())
  const observedGeneration = raw.metadata.generation ?? 0
  const { decided, remove } = conditionsOf({ result, observedGeneration })
  const conditions = mergeConditions({
    current: before.conditions,
    decided,
    remove: [...remove, 'Progressing', 'SecretsSynced', 'ScalingActive'],
    now: stamp(context),
  })
  const consumption = endedConsumption(raw)
  const status: UserDeploymentStatus = {
    observedGeneration,
    phase: result.type === 'stalled' ? 'Error' : 'Deleting',
    conditions,
    services: before.services,
    urls: [],
    deadlineAt: deadline.toISOString(),
    ...lastErrorOf(result),
    ...(consumption ? { consumption } : {}),
  }
  return publishVerdict(raw, { status, result }, context)
}

/** Parts go within seconds, and pods within what they are given to end. */
const DELETION_MS = 5 * 60_000

const deletionDeadline = ({ metadata }: RawResource): Date =>
  new Date(Date.parse(metadata.deletionTimestamp ?? '') + DELETION_MS)

function deletionResult({ metadata }: RawResource, leftMs: number): Wait | Stalled {
  if (leftMs > 0) {
    return wait({ after: `${leftMs}ms`, reason: 'Deleting', message: 'The deployment is being deleted.' })
  }
  // Of Kubernetes itself: it waits for the parts.
  const holders = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== 'foregroundDeletion')
  const why =
    holders.length === 0
      ? 'some of its parts are still being removed. Look at what holds them'
      : `${holders.join(' and ')} holds it. Whoever set that finalizer has to let go`
  return stalled({
    reason: 'DeadlineExceeded',
    message: `The deployment was deleted ${DELETION_MS / 60_000} minutes ago and is still there: ${why}.`,
  })
}

/** A resource that somebody wrote by hand and that contradicts itself in a way that the API server cannot see. */
export async function publishInvalid(
  raw: RawResource,
  error: z.ZodError,
  context: ReconcileContext,
): Promise<Result> {
  const before = statusBefore(raw)
  const result = stalled({ reason: 'InvalidSpec', message: sentenceOf(error) })
  const observedGeneration = raw.metadata.generation ?? 0
  const { decided, remove } = conditionsOf({ result, observedGeneration })
  const conditions = mergeConditions({ current: before.conditions, decided, remove, now: stamp(context) })
  const status: UserDeploymentStatus = {
    ...before,
    observedGeneration,
    phase: 'Error',
    conditions,
    ...lastErrorOf(result),
  }
  try {
    return await publishVerdict(raw, { status, result }, context)
  } catch (failure) {
    if (!isUnreadable(failure)) throw failure
    // Stored before there was a schema, it takes no status from anybody: what is left is an event.
    context.cluster.event(raw, { type: 'Warning', reason: result.reason, message: result.message })
    return result
  }
}

/** The API server fails on the spec when it is asked about the status alone. Trying again helps nobody. */
const isUnreadable = (error: unknown): boolean =>
  error instanceof KubeError &&
  (error.status === 422 ||
    (error.status === 500 && error.message.includes('failed to create typed live object')))

const identityOf = ({ apiVersion, kind, metadata }: KubeObject): KubeObject => ({
  apiVersion,
  kind,
  metadata: {
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  },
})

/** What the status says now, as far as it is one. */
function statusBefore({ status }: RawResource): UserDeploymentStatus {
  const {
    conditions = [],
    services = [],
    urls = [],
    ...rest
  } = (status ?? {}) as Partial<UserDeploymentStatus>
  return { phase: 'Pending', ...rest, conditions, services, urls }
}

const stamp = (context: ReconcileContext): string => `${context.now().toISOString().slice(0, 19)}Z`

function sentenceOf({ issues }: z.ZodError): string {
  const [first] = issues
  const path = first?.path.join('.') ?? ''
  const says = first?.message ?? 'The deployment contradicts itself.'
  const more = issues.length > 1 ? ` (And ${issues.length - 1} more.)` : ''
  return `${says}${path === '' ? '' : ` (${path})`}${more}`
}

/** The same words as in the condition, once for each change of them. */
function announce(raw: RawResource, status: UserDeploymentStatus, { cluster }: ReconcileContext): void {
  const before = readyOf(statusBefore(raw).conditions)
  const now = readyOf(status.conditions)
  if (!now || !isNews(before, now)) return
  const type = status.phase === 'Error' ? 'Warning' : 'Normal'
  cluster.event(raw, { type, reason: now.reason, message: now.message })
}

/** Of a trouble more may become known: what a health check answered. How often it happened goes on by itself. */
function isNews(before: Condition | undefined, now: Condition): boolean {
  if (before?.reason !== now.reason) return true
  return needsSomebody(now.reason) && withoutNumbers(before.message) !== withoutNumbers(now.message)
}

const withoutNumbers = (sentence: string): string => sentence.replaceAll(/\d+/g, '0')

const readyOf = (conditions: readonly Condition[]): Condition | undefined =>
  findCondition(conditions, 'Ready')
