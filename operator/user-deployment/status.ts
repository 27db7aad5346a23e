/** From what was seen and decided to what people read. Pure: the time is passed in. */
import { REASONS, type Condition, type Reason } from '../../src/contract/crd/conditions.ts'
import type {
  Phase,
  ServiceStatus,
  UserDeployment,
  UserDeploymentStatus,
} from '../../src/contract/crd/user-deployment.ts'
import { publicUrl } from '../../src/contract/public-address.ts'
import type { RenderSettings } from '../../src/contract/render-settings.ts'
import { conditionsOf, mergeConditions, type Decided } from '../runtime/conditions.ts'
import { done, stalled, wait, type Result } from '../runtime/result.ts'
import type { Finding } from './checks/finding.ts'
import { scalingCondition } from './checks/scaling.ts'
import { countsOf } from './checks/rollout.ts'
import { consumptionOf } from './consumption.ts'
import { progressSeconds, replicasOf } from './desired/deployment.ts'
import { hostsOf } from './desired/hosts.ts'
import type { RenderFacts } from './desired/rendering.ts'
import { serviceObserved, type Observed } from './observed.ts'

export interface Outcome {
  observed: Observed
  settings: RenderSettings
  facts: RenderFacts
  /** Why it is not as wished; undefined when it is. */
  finding: Finding | undefined
  /** The finding kept anything from being made. */
  isObstacle: boolean
  /** The same for each service that is not as wished. */
  troubles: ReadonlyMap<string, Finding>
  now: Date
}

/** For what comes before pods: secrets, addresses, dependencies. */
const PREPARATION_SECONDS = 300

/** What the reconcile answers, and what stands on the resource afterwards. */
export interface Verdict {
  result: Result
  status: UserDeploymentStatus
}

/** What stays to be read of a result that needs a person. */
export const lastErrorOf = (result: Result): Pick<UserDeploymentStatus, 'lastError'> =>
  result.type === 'stalled' ? { lastError: { reason: result.reason, message: result.message } } : {}

export function judge(outcome: Outcome): Verdict {
  const { observed, settings, facts, finding, now } = outcome
  const { resource } = observed
  const { metadata, spec, status: before } = resource
  const deadline = finding ? deadlineOf(outcome) : undefined
  const result = resultOf(finding, { deadline, now })
  const generation = metadata.generation ?? 0
  const isReady = result.type === 'done' && !spec.suspended
  const readyRevision = isReady ? spec.revision : before?.readyRevision
  const consumption = consumptionOf(observed, now)
  return {
    result,
    status: {
      observedGeneration: generation,
      phase: phaseOf(result, outcome.isObstacle),
      conditions: conditionsFor(outcome, result),
      services: spec.services.map(({ name }) => serviceStatus(name, outcome)),
      urls: hostsOf({ resource, settings, facts }).map((host) => publicUrl(settings.publicAddress, host)),
      ...(readyRevision === undefined ? {} : { readyRevision }),
      ...lastErrorOf(result),
      ...(deadline ? { deadlineAt: deadline.toISOString() } : {}),
      ...(consumption ? { consumption } : {}),
    },
  }
}

/**
 * When what is under way has to be over: set when a generation, or a trouble after all was well, is first seen, and
 * kept until all is well.
 */
function deadlineOf({ observed, now }: Outcome): Date {
  const { metadata, spec, status } = observed.resource
  if (status?.deadlineAt !== undefined && status.observedGeneration === metadata.generation) {
    return new Date(status.deadlineAt)
  }
  const seconds = PREPARATION_SECONDS + Math.max(...spec.services.map(progressSeconds))
  return new Date(Math.floor(now.getTime() / 1000 + seconds) * 1000)
}

function resultOf(finding: Finding | undefined, at: { deadline: Date | undefined; now: Date }): Result {
  if (!finding) return done()
  const { kind, reason, message, againMs } = finding
  if (kind === 'stuck') {
    return stalled({ reason, message, ...(againMs === undefined ? {} : { after: `${againMs}ms` }) })
  }
  const leftMs = (at.deadline ?? at.now).getTime() - at.now.getTime()
  if (leftMs <= 0) return stalled({ reason: overdue(reason), message })
  return wait({ after: `${Math.min(leftMs, againMs ?? Infinity)}ms`, reason, message })
}

/** What merely goes on is late; what has a cause keeps it. */
const overdue = (reason: Reason): Reason =>
  reason === 'Provisioning' || reason === 'RollingOut' ? 'DeadlineExceeded' : reason

function phaseOf(result: Result, isObstacle: boolean): Phase {
  if (result.type === 'done') return 'Ready'
  if (result.type === 'stalled') return 'Error'
  return isObstacle ? 'Pending' : 'Provisioning'
}

function conditionsFor(outcome: Outcome, result: Result): Condition[] {
  const { observed, now } = outcome
  const { metadata, spec, status } = observed.resource
  const observedGeneration = metadata.generation ?? 0
  const ready = spec.suspended
    ? { reason: 'Suspended', message: REASONS.Suspended }
    : { reason: 'Available', message: 'All services run.' }
  const summary = conditionsOf({ result, observedGeneration, ready })
  const secrets = secretsCondition(outcome, observedGeneration)
  const scaling = scalingCondition(observed)
  return mergeConditions({
    current: status?.conditions ?? [],
    decided: [
      ...summary.decided,
      progressCondition(result, observedGeneration),
      ...(secrets ? [secrets] : []),
      ...(scaling ? [{ ...scaling, observedGeneration }] : []),
    ],
    remove: [...summary.remove, ...(secrets ? [] : ['SecretsSynced']), ...(scaling ? [] : ['ScalingActive'])],
    now: `${now.toISOString().slice(0, 19)}Z`,
  })
}

function progressCondition(result: Result, observedGeneration: number): Decided {
  if (result.type === 'done') {
    return {
      type: 'Progressing',
      status: 'False',
      reason: 'Available',
      message: 'Nothing is under way.',
      observedGeneration,
    }
  }
  const { reason, message } = result
  return {
    type: 'Progressing',
    status: result.type === 'wait' ? 'True' : 'False',
    reason,
    message,
    observedGeneration,
  }
}

const ABOUT_SECRETS: readonly Reason[] = ['SecretsPending', 'SecretsIncomplete', 'SecretStoreUnavailable']

/** None for a deployment without secrets. */
function secretsCondition(
  { observed, finding, troubles }: Outcome,
  observedGeneration: number,
): Decided | undefined {
  const { services, pullSecrets } = observed.resource.spec
  if (pullSecrets.length === 0 && services.every(({ secrets }) => secrets.length === 0)) return undefined
  const trouble = [...troubles.values(), ...(finding ? [finding] : [])].find(({ reason }) =>
    ABOUT_SECRETS.includes(reason),
  )
  return trouble
    ? {
        type: 'SecretsSynced',
        status: 'False',
        reason: trouble.reason,
        message: trouble.message,
        observedGeneration,
      }
    : {
        type: 'SecretsSynced',
        status: 'True',
        reason: 'Available',
        message: 'All secrets are in the cluster.',
        observedGeneration,
      }
}

function serviceStatus(
  name: UserDeployment['spec']['services'][0]['name'],
  { observed, settings, facts, troubles }: Outcome,
): ServiceStatus {
  const { resource } = observed
  const service = resource.spec.services.find((each) => each.name === name)
  const desired = service ? replicasOf({ resource, settings, facts }, service) : 0
  const trouble = troubles.get(name)
  return {
    name,
    ...countsOf(serviceObserved(observed, name), desired),
    ...(trouble ? { reason: trouble.reason, message: trouble.message } : {}),
  }
}
