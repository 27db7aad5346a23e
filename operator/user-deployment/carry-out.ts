/** Writes a plan. What the API server refuses for a reason of the deployment's own becomes a finding, not a failure. */
import { setTimeout as delay } from 'node:timers/promises'

import { KubeError, type Applied, type KubeObject } from '../runtime/cluster.ts'
import type { ReconcileContext } from '../runtime/controller-types.ts'
import { quoted, stuck, waits, type Finding } from './checks/finding.ts'
import type { Manifest } from './manifest.ts'
import type { LiveDeployment } from './observed.ts'
import type { Plan, Step } from './plan.ts'

export interface CarriedOut {
  /** Pods are being replaced, or something is there that was not: what was seen before is no measure any more. */
  hasChanged: boolean
  refusal: Finding | undefined
}

/** A route that names one which is not there yet leads nowhere. */
const FIRST: readonly string[] = ['Middleware']
/** What ends pods waits for nothing, and nothing that is refused is in its way. */
const endsPods = ({ wanted, live }: Step): boolean =>
  live !== undefined && wanted.kind === 'Deployment' && (wanted as LiveDeployment).spec.replicas === 0
/** They come after everything that their pods need or that fences them. */
const LAST: readonly string[] = ['Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget']

/**
 * In three waves, each at once; then what is not wanted any more is deleted. The first refusal ends it.
 *
 * @param confirm asked before each write whether the plan still holds; it throws when it does not
 * @throws {KubeError} for all that another try may mend: conflicts, no answer, an overloaded API server
 */
export async function carryOut(
  plan: Plan,
  context: ReconcileContext,
  confirm: () => Promise<void>,
): Promise<CarriedOut> {
  const due = plan.apply.filter(({ live, wanted }) => !context.cluster.holds(live, wanted))
  const writing = { ...context, confirm }
  let hasChanged = false
  for (const wave of wavesOf(due)) {
    const steps = await settled(wave.map(async (step) => applyStep(step, writing)))
    hasChanged ||= steps.some(({ applied }) => applied)
    const refusal = steps.find((step) => step.refusal)?.refusal
    if (refusal) return { hasChanged, refusal }
  }
  if (plan.prune.length === 0) return { hasChanged, refusal: undefined }
  await confirm()
  await settled(plan.prune.map(async (live) => context.cluster.delete(live, context.signal)))
  return { hasChanged, refusal: undefined }
}

/** None, mostly. */
function wavesOf(due: readonly Step[]): Step[][] {
  const { first = [], last = [], between = [] } = Object.groupBy(due, waveOf)
  return [first, between, last].filter((wave) => wave.length > 0)
}

function waveOf(step: Step): 'first' | 'between' | 'last' {
  const { kind } = step.wanted
  if (FIRST.includes(kind) || endsPods(step)) return 'first'
  return LAST.includes(kind) ? 'last' : 'between'
}

/** Nothing is left running behind a failure. */
async function settled<T>(work: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work)
  return Promise.all(work)
}

type Writing = ReconcileContext & { confirm: () => Promise<void> }

interface StepTaken {
  applied: boolean
  refusal?: Finding
}

/** The API server tells that a Service has gone before it gives its address back. */
const ADDRESS_ATTEMPTS = 10
const ADDRESS_PAUSE_MS = 100

async function applyStep({ wanted, live, otherwise }: Step, context: Writing): Promise<StepTaken> {
  for (let attempt = 1; ; attempt++) {
    try {
      const applied = await apply(wanted, live, context)
      return { applied: applied === 'created' || (applied === 'updated' && wanted.kind === 'Deployment') }
    } catch (error) {
      if (!(error instanceof KubeError) || !isRefusal(error)) throw error
      if (!otherwise) return { applied: false, refusal: refusalOf(wanted, error) }
      const isHeld = /already allocated/.test(error.message)
      if (!isHeld || attempt === ADDRESS_ATTEMPTS) return applyStep({ wanted: otherwise, live }, context)
      await delay(ADDRESS_PAUSE_MS, undefined, { signal: context.signal })
    }
  }
}

/** Forced only where something of ours is: fields that others changed in it are taken back. */
async function apply(
  wanted: Manifest,
  live: Manifest | undefined,
  { cluster, confirm, signal }: Writing,
): Promise<Applied> {
  return cluster.apply<KubeObject>(wanted, {
    live,
    force: live !== undefined,
    beforehand: confirm,
    signal,
  })
}

const isRefusal = ({ status }: KubeError): boolean => [400, 403, 413, 422].includes(status)

function refusalOf({ kind, metadata }: Manifest, { message }: KubeError): Finding {
  if (/exceeded quota/.test(message)) {
    return waits(
      'QuotaExceeded',
      `The quota of the namespace has no room for the ${kind} ${metadata.name}: ${quoted(/exceeded quota.*/s.exec(message)?.[0])}. Remove something, or take a larger plan.`,
    )
  }
  if (kind === 'PersistentVolumeClaim' && /must support resize/.test(message)) {
    return stuck(
      'InvalidSpec',
      `The volume ${metadata.name} cannot grow: its storage class does not allow it. Give it its old size, or a new name for a new volume.`,
    )
  }
  return stuck(
    'ConfigError',
    `The cluster refuses the ${kind} ${metadata.name}: ${quoted(message)}. Correct the deployment.`,
  )
}
