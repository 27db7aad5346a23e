/**
 * Conditions as the Kubernetes API conventions have them, with the meaning that kstatus gives to three of them:
 * `Ready` is the summary, `Reconciling` says that work is under way, `Stalled` that it cannot go on unless
 * somebody changes something. The two are there only while they are true.
 */
import { z } from 'zod'

/** The types of conditions on our kinds. */
export const CONDITION_TYPES = [
  'Ready',
  'Reconciling',
  'Stalled',
  'SecretsSynced',
  'Progressing',
  'ScalingActive',
] as const
export type ConditionType = (typeof CONDITION_TYPES)[number]

/**
 * Why a deployment is as it is: the same word in the condition, the event, the page and the documentation.
 * The value is what a person reads when nothing more exact is known.
 */
export const REASONS = {
  // Before the operator.
  ClusterUnavailable: 'The cluster cannot be reached. The deployment starts when it answers again.',
  AwaitingOperator: 'The cluster has the deployment and has not begun with it yet.',
  // Under way.
  Provisioning: 'The parts of the deployment are being made.',
  SecretsPending: 'The secrets are being brought to the cluster.',
  DependencyPending: 'A service waits for another one that it depends on.',
  RollingOut: 'New pods are replacing the old ones.',
  IngressPending: 'The services run. Their address is not answered yet.',
  Deleting: 'The deployment is being deleted.',
  // As wished.
  Available: 'All services run.',
  Suspended: 'The deployment is stopped. Start it to run its services again.',
  LoadMeasured: 'The number of pods follows the load.',
  // Beside all that: the pods run.
  LoadUnknown: 'The load of a service cannot be measured, so its number of pods stays.',
  // Needs somebody.
  InvalidSpec: 'The deployment contradicts itself. Change what the message names.',
  NameTaken: 'An object with a name that the deployment needs belongs to somebody else.',
  SecretStoreUnavailable: 'The secret store does not answer.',
  SecretsIncomplete: 'A secret that a service needs has no value. Set it.',
  ImageNotFound: 'The image does not exist. Check its name and tag.',
  ImagePullDenied: 'The registry does not let the cluster pull the image. Check the pull secret.',
  CrashLoop: 'A container ends again and again right after its start. Look at its log.',
  OutOfMemory: 'A container used more memory than its limit. Raise the limit.',
  Unschedulable: 'No node has room for a pod. Lower what it requests.',
  QuotaExceeded: 'The quota of the namespace is used up.',
  ProbeFailing: 'A service runs, but its health check fails.',
  ConfigError: 'A container cannot be started as it is configured.',
  VolumePending: 'A volume is not there yet.',
  IngressUnsupported: 'The cluster lacks what the ingress asks for.',
  HostTaken: 'A host name belongs to another deployment.',
  NodeLost: 'The node on which a pod ran is gone.',
  DeadlineExceeded: 'It took longer than it may. The attempt goes on slowly.',
  TierLimitReached: 'The plan of the organisation allows no more.',
} as const
export type Reason = keyof typeof REASONS

/** Under way, or as wished. */
const NEED_NOBODY: readonly Reason[] = [
  'ClusterUnavailable',
  'AwaitingOperator',
  'Provisioning',
  'SecretsPending',
  'DependencyPending',
  'RollingOut',
  'IngressPending',
  'Deleting',
  'Available',
  'Suspended',
  'LoadMeasured',
]

/** Whether it is likely to stay so unless somebody does something. */
export const needsSomebody = (reason: string): boolean => !NEED_NOBODY.some((each) => each === reason)

/** Where what the container said last tells more than the kubelet. */
const TOLD_BY_LOG: readonly Reason[] = ['CrashLoop', 'OutOfMemory', 'ConfigError', 'ProbeFailing']

export const isToldByLog = (reason: string | null | undefined): boolean =>
  TOLD_BY_LOG.some((each) => each === reason)

export const Condition = z
  .object({
    type: z
      .string()
      .min(1)
      .max(316)
      .describe(
        'What is said, in one word: Ready, Reconciling, Stalled, SecretsSynced, Progressing, ScalingActive.',
      ),
    status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
    observedGeneration: z.int().min(0).optional().describe('The metadata.generation that was looked at.'),
    lastTransitionTime: z.string().describe('Since when the status is so, in RFC 3339.'),
    reason: z.string().min(1).max(1024).describe('Why, in one word for programs.'),
    message: z.string().max(32_768).describe('Why, and what to do, in a sentence for people.'),
  })
  .describe('One statement about a resource.')
export type Condition = z.infer<typeof Condition>

/** The condition of a type, if it is there. */
export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: ConditionType,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type)
}

/** Whether a condition is there and true. */
export const isTrue = (conditions: readonly Condition[] | undefined, type: ConditionType): boolean =>
  findCondition(conditions, type)?.status === 'True'
