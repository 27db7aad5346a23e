import { pause, type Clock, type Random } from './clock.ts'
import { KubeError } from './kube-error.ts'
import type { KubeRequest } from './transport-types.ts'

const MAX_RETRIES = 3
const MAX_WAIT_SECONDS = 10

interface Failed {
  error: unknown
  request: KubeRequest
  /** 0 for the first. */
  attempt: number
  clock: Clock
  random: Random
}

/**
 * Waits before the same call is made again, where that is harmless and likely to help: an overloaded API server
 * said when to come back (it has done nothing then), or a kept connection turned out dead under a read.
 *
 * @returns false when the error is the caller's to deal with
 * @throws the reason of the request's signal
 */
export async function pauseBeforeRetry({ error, request, attempt, clock, random }: Failed): Promise<boolean> {
  const waitMs = waitBefore({ error, request, attempt, random })
  if (waitMs === undefined) return false
  await pause(clock, waitMs, request.signal)
  return true
}

function waitBefore({ error, request, attempt, random }: Omit<Failed, 'clock'>): number | undefined {
  if (!(error instanceof KubeError) || attempt >= MAX_RETRIES) return undefined
  if (error.reason === 'ConnectionFailed') {
    return request.method === 'GET' && attempt === 0 ? 10 + random() * 40 : undefined
  }
  const seconds = overloadSeconds(error)
  if (seconds === undefined || seconds > MAX_WAIT_SECONDS) return undefined
  // Everybody was told the same second.
  return seconds * 1000 * (1 + random() * 0.5)
}

/** An eviction that a disruption budget forbids is a 429 too, but an answer. */
function overloadSeconds({ status, details }: KubeError): number | undefined {
  const isAnswer = details.causes?.some(({ reason }) => reason === 'DisruptionBudget') ?? false
  return status === 429 && !isAnswer ? details.retryAfterSeconds : undefined
}
