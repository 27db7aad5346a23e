/**
 * A write of a status costs the API server more than all else that a deployment's start needs, since each has the whole
 * resource checked again. Steps on the way, which pods are ready and how many, wait for each other; whatever changes the
 * phase, a reason or the generation is written at once.
 */
import type { UserDeploymentStatus } from '../../src/contract/crd/user-deployment.ts'
import { isSameJson, keyOf, type ObjectRef } from '../runtime/cluster.ts'

export interface StatusPace {
  /** For how many milliseconds a status may still wait; 0: it is to be written. */
  leftMs(ref: ObjectRef, change: StatusChange, now: Date): number
  /** It waits no more. */
  forget(ref: ObjectRef): void
}

interface StatusChange {
  /** As it is in the cluster; perhaps none, or some nonsense. */
  before: unknown
  after: UserDeploymentStatus
}

/** Pods of one start become ready within it, and nobody looks longer at a number that stands still. */
const STEP_MS = 2_000

export function createStatusPace(): StatusPace {
  /** When a step was first seen that is not written yet, by `namespace/name`. */
  const firstSeen = new Map<string, number>()
  return {
    leftMs(ref, change, now) {
      const key = keyOf(ref)
      const nowMs = now.getTime()
      const sinceMs = isStep(change) ? (firstSeen.get(key) ?? nowMs) : undefined
      // The wall's clock may have been set back.
      const leftMs = sinceMs === undefined ? 0 : Math.min(STEP_MS, sinceMs + STEP_MS - nowMs)
      if (sinceMs === undefined || leftMs <= 0) firstSeen.delete(key)
      else firstSeen.set(key, sinceMs)
      return Math.max(0, leftMs)
    },
    forget: (ref) => void firstSeen.delete(keyOf(ref)),
  }
}

function isStep({ before, after }: StatusChange): boolean {
  const { phase, observedGeneration, conditions } = (before ?? {}) as Partial<UserDeploymentStatus>
  return (
    after.phase === 'Provisioning' &&
    phase === after.phase &&
    observedGeneration === after.observedGeneration &&
    isSameJson(conditions?.map(wordOf), after.conditions.map(wordOf)) &&
    !isSameJson(before, after)
  )
}

/** Without its sentence. */
const wordOf = ({ type, status, reason }: UserDeploymentStatus['conditions'][number]): string =>
  `${type} ${status} ${reason}`
