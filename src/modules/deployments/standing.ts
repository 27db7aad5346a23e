/**
 * Where a deployment stands: what is wanted (the row) joined with what is so (the custom resource). Pure; an
 * ordered list of cases, of which the first that holds is told. It never says Ready of something that was asked
 * for later than the cluster has looked.
 */
import { findCondition, REASONS, type Reason } from '../../contract/crd/conditions.ts'
import { ANNOTATIONS } from '../../contract/crd/meta.ts'
import type { Phase, UserDeployment } from '../../contract/crd/user-deployment.ts'
import { CATALOGUE } from '../../errors.ts'
import type { ClusterState } from './facts.ts'

export interface Intent {
  readonly generation: number
  readonly pushedGeneration: number
  /** A code of the catalogue: why the custom resource could not be written. */
  readonly pushError: string | null
  readonly deletedAt: Date | null
}

export interface Standing {
  readonly phase: Phase
  readonly reason: string
  readonly message: string
  /** The cluster has acted on the newest change, as far as we have heard. */
  readonly isUpToDate: boolean
}

interface Known {
  readonly intent: Intent
  readonly fact: UserDeployment | undefined
  readonly cluster: ClusterState
}

type Case = (known: Known) => Standing | undefined

const CASES: readonly Case[] = [deleting, refused, waitingForCluster, neverPushed, unseen]

export function standingOf(
  intent: Intent,
  fact: UserDeployment | undefined,
  cluster: ClusterState,
): Standing {
  const known = { intent, fact, cluster }
  for (const each of CASES) {
    const standing = each(known)
    if (standing) return standing
  }
  return asReported(known)
}

const late = (phase: Phase, reason: Reason, message: string = REASONS[reason]): Standing => ({
  phase,
  reason,
  message,
  isUpToDate: false,
})

const isPushed = ({ generation, pushedGeneration }: Intent): boolean => pushedGeneration >= generation

function deleting({ intent, fact, cluster }: Known): Standing | undefined {
  if (intent.deletedAt === null) return undefined
  if (cluster !== 'live') return late('Deleting', 'ClusterUnavailable')
  const held = fact?.metadata.deletionTimestamp === undefined ? undefined : fact.status?.lastError
  return held?.reason === 'DeadlineExceeded'
    ? late('Deleting', held.reason, held.message)
    : late('Deleting', 'Deleting')
}

/** The API server does not take what is wanted. A cluster that is away is another matter. */
function refused({ intent }: Known): Standing | undefined {
  const isRefusal = intent.pushError !== null && intent.pushError !== 'CLUSTER_UNAVAILABLE'
  if (isPushed(intent) || !isRefusal) return undefined
  return late('Error', 'InvalidSpec', CATALOGUE.CLUSTER_REFUSED.sentence({}))
}

function waitingForCluster({ intent, fact, cluster }: Known): Standing | undefined {
  const isAway = cluster !== 'live' || (!isPushed(intent) && intent.pushError !== null)
  if (!isAway) return undefined
  if (!fact) return late('Pending', 'ClusterUnavailable')
  return late(isPushed(intent) || !fact.status ? phaseOf(fact) : 'Provisioning', 'ClusterUnavailable')
}

function neverPushed({ intent, fact }: Known): Standing | undefined {
  if (fact && isPushed(intent)) return undefined
  return late(fact?.status ? 'Provisioning' : 'Pending', 'AwaitingOperator')
}

/** The operator has not looked at this generation yet, or we have not heard of it. */
function unseen({ intent, fact }: Known): Standing | undefined {
  const isSeen = fact !== undefined && heardOf(fact) >= intent.generation && hasLooked(fact)
  return isSeen ? undefined : late(fact?.status ? 'Provisioning' : 'Pending', 'AwaitingOperator')
}

/** The row's generation that the resource was written from. */
const heardOf = ({ metadata: { annotations } }: UserDeployment): number =>
  Number(annotations?.[ANNOTATIONS.generation] ?? 0)

const hasLooked = ({ metadata, status }: UserDeployment): boolean =>
  (status?.observedGeneration ?? -1) >= (metadata.generation ?? 0)

const phaseOf = (fact: UserDeployment): Phase => fact.status?.phase ?? 'Pending'

function asReported({ fact }: Known): Standing {
  const phase = fact ? phaseOf(fact) : 'Pending'
  const reason = phase === 'Ready' ? 'Available' : 'Provisioning'
  const { reason: word, message } = saidOf(fact, phase) ?? { reason, message: undefined }
  return { phase, reason: word, message: message ?? sentenceOf(word), isUpToDate: true }
}

/** What went wrong, or what the summary says. */
function saidOf(
  fact: UserDeployment | undefined,
  phase: Phase,
): { reason: string; message?: string } | undefined {
  const { lastError, conditions } = fact?.status ?? {}
  return (phase === 'Error' ? lastError : undefined) ?? findCondition(conditions, 'Ready')
}

const sentenceOf = (reason: string): string => (reason in REASONS ? REASONS[reason as Reason] : '')
