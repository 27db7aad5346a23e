import { REASONS, type Reason } from '../../src/contract/crd/conditions.ts'
import type { DeploymentTab } from '../lib/paths.ts'

export interface NextStep {
  label: string
  tab: DeploymentTab
}

const LOG: NextStep = { label: 'Look at the log', tab: 'logs' }
const IMAGE: NextStep = { label: 'Change the image', tab: 'settings' }

/** Where one goes from a reason: the sentence says what to do, the button leads there. */
const STEPS: Partial<Record<Reason, NextStep>> = {
  CrashLoop: LOG,
  OutOfMemory: LOG,
  ProbeFailing: LOG,
  ConfigError: { label: 'Look at the settings', tab: 'settings' },
  DeadlineExceeded: LOG,
  ImageNotFound: IMAGE,
  ImagePullDenied: IMAGE,
  SecretsIncomplete: { label: 'Set the secret', tab: 'settings' },
  InvalidSpec: { label: 'Look at the settings', tab: 'settings' },
}

export const nextStepFor = (reason: string): NextStep | undefined => STEPS[reason as Reason]

/** What every deployment goes through, and what was asked for. */
const USUAL: readonly Reason[] = [
  'AwaitingOperator',
  'Provisioning',
  'SecretsPending',
  'DependencyPending',
  'VolumePending',
  'RollingOut',
  'Available',
  'Suspended',
  'Deleting',
]

/** Whether something is in the way of what is under way: it is tried again, but who looks on should know now. */
export const isHindrance = (reason: string): boolean => reason in REASONS && !USUAL.includes(reason as Reason)
