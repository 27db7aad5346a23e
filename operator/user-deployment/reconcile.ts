/**
 * Makes a deployment's objects agree with its resource, and its status with what is so. All that is decided is decided
 * by pure functions from one snapshot; here stands only their order.
 */
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import type { RenderSettings } from '../../src/contract/render-settings.ts'
import { KubeError } from '../runtime/cluster.ts'
import type { Reconcile, ReconcileContext } from '../runtime/controller-types.ts'
import { milliseconds } from '../runtime/duration.ts'
import { done, wait, type Result } from '../runtime/result.ts'
import { assertCurrent } from './assert-current.ts'
import type { Caches, RawResource } from './caches.ts'
import { carryOut } from './carry-out.ts'
import { considerBeside, type Considered } from './considered.ts'
import {
  addressesArePending,
  findHolds,
  findObstacle,
  findReplacement,
  findTakenHost,
  findTroubles,
  findUnfinished,
  worstOf,
  type Finding,
} from './checks.ts'
import { ingressFinding, routeQuestions, unanswered } from './checks/route.ts'
import { isGoing, type Observed } from './observed.ts'
import { lookCloser, observe } from './observe.ts'
import { planChanges, planStop } from './plan.ts'
import { publishDeleting, publishInvalid, publishVerdict } from './publish.ts'
import type { RouteProbe } from './route-probe.ts'
import { createStatusPace } from './status-pace.ts'
import { judge, type Verdict } from './status.ts'
import { validate, withChecked } from './validity.ts'

/** When what runs counts as reached by people. */
export interface Reach {
  /** An Ingress has to bear the address of its controller. */
  readonly awaitsIngressStatus: boolean
  /** Undefined: no app is asked. */
  readonly probe?: RouteProbe | undefined
}

interface Options {
  readonly settings: RenderSettings
  readonly reach: Reach
}

export function createReconcile(caches: Caches, { settings, reach }: Options): Reconcile {
  const pace = createStatusPace()
  return async (ref, context) => {
    const raw = caches.resources.get(ref)
    if (!raw || isGoing(raw)) pace.forget(ref)
    if (!raw) return done() // owner references take along what it had
    if (isGoing(raw)) return publishDeleting(raw, context)
    const valid = validate(raw)
    if (!valid.success) return publishInvalid(raw, valid.error, context)

    const subject = { raw, resource: valid.data, caches, settings }
    const { result, status: said } = await carryOutAndJudge(subject, reach, context)
    const verdict = { result, status: withChecked(said, valid.checked, raw.status) }
    const leftMs = pace.leftMs(ref, { before: raw.status, after: verdict.status }, context.now())
    return leftMs > 0 ? lookAgain(verdict, leftMs) : publishVerdict(raw, verdict, context)
  }
}

/** Only what is under way has a status that may wait. */
const lookAgain = ({ result }: Verdict, afterMs: number): Result =>
  result.type === 'wait'
    ? wait({ ...result, after: `${Math.min(afterMs, milliseconds(result.after))}ms` })
    : result

async function carryOutAndJudge(subject: Subject, reach: Reach, context: ReconcileContext): Promise<Verdict> {
  try {
    return await actAndJudge(subject, consider(subject), { reach, context })
  } catch (error) {
    if (!isTaken(error)) throw error
    // Something stands where the caches have nothing: ours, of which they have not heard, or somebody else's.
    return actAndJudge(subject, await considerCloser(subject, context), { reach, context })
  }
}

const isTaken = (error: unknown): boolean => error instanceof KubeError && error.reason === 'AlreadyExists'

async function actAndJudge(
  subject: Subject,
  first: Considered,
  { reach, context }: Omit<Acting, 'confirm'>,
): Promise<Verdict> {
  const obstacle = findObstacle(first)
  if (obstacle) await stopInSpite(first, context)
  const acted = obstacle ? undefined : await act(subject, first, { reach, context })
  const { observed, facts, settings } = acted?.considered ?? first
  return judge({
    observed,
    settings,
    facts,
    finding: obstacle ?? acted?.finding,
    troubles: acted?.troubles ?? new Map<string, Finding>(),
    isObstacle: obstacle !== undefined,
    now: context.now(),
  })
}

/** Who has to stand still does so whatever keeps the rest from being made: it may be unpaid, or too much. */
async function stopInSpite(considered: Considered, context: ReconcileContext): Promise<void> {
  const { observed } = considered
  if (observed.resource.spec.suspended)
    await carryOut(planStop(considered), context, confirmation(observed, context))
}

interface Subject {
  raw: RawResource
  resource: UserDeployment
  caches: Caches
  settings: RenderSettings
}

/** What is there, and what should be. The places to look at follow from what should be; addresses from what is there. */
function consider({ raw, resource, caches, settings }: Subject): Considered {
  return considerBeside(observe(caches, { raw, resource, settings }), settings)
}

async function considerCloser(subject: Subject, context: ReconcileContext): Promise<Considered> {
  return considerBeside(await lookCloser(consider(subject), context), subject.settings)
}

interface Acted {
  /** What the findings are about. */
  considered: Considered
  finding: Finding | undefined
  troubles: Map<string, Finding>
}

interface Acting {
  reach: Reach
  context: ReconcileContext
  confirm: () => Promise<void>
}

/** A second time where the first one made what was waited for: an address is given out with the answer. */
async function act(
  subject: Subject,
  considered: Considered,
  { reach, context }: Omit<Acting, 'confirm'>,
): Promise<Acted> {
  const acting = { reach, context, confirm: confirmation(considered.observed, context) }
  const acted = await actOnce(subject, considered, acting)
  if (!acted.hasChanged || !addressesArePending(considered)) return acted
  const next = consider(subject)
  return addressesArePending(next) ? acted : actOnce(subject, next, acting)
}

async function actOnce(
  subject: Subject,
  considered: Considered,
  { reach, context, confirm }: Acting,
): Promise<Acted & { hasChanged: boolean }> {
  const holds = findHolds(considered)
  const plan = planChanges({ ...considered, holds })
  const { hasChanged, refusal } = await carryOut(plan, context, confirm)
  // How pods of before fare is not held against what was just written.
  const troubles = findTroubles(hasChanged ? consider(subject) : considered, holds)
  const finding =
    refusal ??
    findTakenHost(considered) ??
    worstOf(troubles.values()) ??
    findReplacement(considered) ??
    (hasChanged ? findUnfinished(considered) : undefined) ??
    (await findUnreached(considered, reach, context))
  return { considered, finding, troubles, hasChanged: hasChanged && !refusal }
}

/**
 * A watch may be behind with the resource alone: its old wish would be carried out over what a newer one made. So the
 * API server is asked, once a reconcile, and only when something is to be written beside something that was there before.
 */
function confirmation({ live, resource }: Observed, context: ReconcileContext): () => Promise<void> {
  let asked: Promise<void> | undefined
  return async () => {
    if (live.size > 0) await (asked ??= assertCurrent(resource, context))
  }
}

/** Everything runs: do people reach it? */
async function findUnreached(
  considered: Considered,
  { awaitsIngressStatus, probe }: Reach,
  { signal }: ReconcileContext,
): Promise<Finding | undefined> {
  const pending = awaitsIngressStatus ? ingressFinding(considered) : undefined
  if (pending || !probe) return pending
  const question = await probe.firstUnanswered(routeQuestions(considered), signal)
  return question && unanswered(question)
}
