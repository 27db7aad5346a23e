import type { Random } from './clock.ts'
import { KubeError } from './kube-error.ts'

export interface BackoffLimits {
  /** The longest wait after the first failure, in milliseconds. */
  baseMs: number
  maxMs: number
}

/**
 * Doubles with every failure up to a limit; between half of that and all of it, so that many who failed at the same
 * moment do not come back at the same moment.
 *
 * @param failures in a row, from 1
 */
export function backoffMs(failures: number, { baseMs, maxMs }: BackoffLimits, random: Random): number {
  const longest = Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, 30))
  return longest * (0.5 + random() / 2)
}

const ANSWERED = { baseMs: 200, maxMs: 30_000 }
/** Nobody is there who would have to be spared, and the first seconds after an outage matter most. */
const UNREACHABLE = { baseMs: 200, maxMs: 3_000 }

interface Failed {
  failures: number
  error: unknown
  random: Random
}

/** How long a watch rests before it begins again. */
export function restartDelayMs({ failures, error, random }: Failed): number {
  const isUnreachable = error instanceof KubeError && error.reason === 'ConnectionFailed'
  return backoffMs(failures, isUnreachable ? UNREACHABLE : ANSWERED, random)
}
