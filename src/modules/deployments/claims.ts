/** Which worker writes which custom resource now, and when one that failed is tried again. */
import type { ErrorCode } from '../../errors.ts'
import type { Deps } from '../deps.ts'
import { claimRows, markFailed, type ClaimedRow } from './store.ts'

/** Longer than a push can last: two calls to the API server, of at most ten seconds each. */
const LEASE_SECONDS = 45
/** A cluster that is away comes back at once, a refusal is mended by somebody. */
const LONGEST_PAUSE_SECONDS = { CLUSTER_UNAVAILABLE: 5, other: 300 } as const

export const claim = async ({ db }: Pick<Deps, 'db'>, worker: string, limit: number): Promise<ClaimedRow[]> =>
  claimRows(db, { worker, limit, leaseSeconds: LEASE_SECONDS })

interface Failure {
  readonly worker: string
  /** People see the sentence of this code. */
  readonly code: ErrorCode
}

/** Lets go of a row; the next attempt comes later the more there were, or at once when it is changed. */
export async function giveUp(
  { db }: Pick<Deps, 'db'>,
  { deploymentId, pushAttempts }: Pick<ClaimedRow, 'deploymentId' | 'pushAttempts'>,
  { worker, code }: Failure,
): Promise<void> {
  const longest = LONGEST_PAUSE_SECONDS[code === 'CLUSTER_UNAVAILABLE' ? code : 'other']
  const retrySeconds = Math.min(0.5 * 2 ** Math.min(pushAttempts, 20), longest)
  await markFailed(db, { deploymentId, worker, error: code, retrySeconds })
}
