/**
 * Does the effects of the outbox: letters, calls to others. Each at least once, for a process may die between the
 * effect and the word that it happened; what repeats an effect makes that harmless (a later letter replaces the link
 * of an earlier one, a call carries the row's id as its idempotency key).
 */
import { isAppError } from '../../errors.ts'
import type { Deps } from '../deps.ts'
import { claimRows, forgetOlder, markDone, markFailed, type ClaimedEffect } from './store.ts'

/**
 * Does one effect, from what is true now: the row says only what it is about. An effect that nobody wants any more
 * is done.
 *
 * @throws {AppError} of which MAIL_REFUSED and others of status 4xx are final; whatever else is tried again
 */
export type Deliver = (effect: Effect, signal: AbortSignal) => Promise<void>

interface Effect {
  /** The same at each attempt. */
  readonly id: string
  readonly payload: unknown
}

/** How each kind is done. */
export type Deliveries = Readonly<Record<string, Deliver>>

export interface Delivering {
  /** Names this process among all that claim. */
  readonly worker: string
  readonly signal: AbortSignal
  readonly onFailure: (error: unknown, effect: ClaimedEffect, isFinal: boolean) => void
}

const AT_ONCE = 4
/** An effect ends before its lease does. */
const EFFECT_MS = 60_000
const LEASE_SECONDS = 90
const LONGEST_PAUSE_SECONDS = 3600
/** Who waits for a letter for longer does not wait for it any more. */
const GIVE_UP_SECONDS = 3 * 24 * 3600
const FORGET_SECONDS = 30 * 24 * 3600

/** Until nothing is due any more. @returns how many happened */
export async function deliverEffects(
  { db }: Pick<Deps, 'db'>,
  deliveries: Deliveries,
  delivering: Delivering,
): Promise<number> {
  const { worker, signal } = delivering
  await forgetOlder(db, FORGET_SECONDS)
  const kinds = Object.keys(deliveries)
  let done = 0
  while (!signal.aborted) {
    const effects = await claimRows(db, { kinds, worker, limit: AT_ONCE, leaseSeconds: LEASE_SECONDS })
    if (effects.length === 0) break
    const results = await Promise.all(
      effects.map(async (each) => attempt(each, { ...delivering, db, deliveries })),
    )
    done += results.filter(Boolean).length
  }
  return done
}

/** @returns whether it happened */
async function attempt(
  effect: ClaimedEffect,
  { worker, signal, onFailure, db, deliveries }: Delivering & Pick<Deps, 'db'> & { deliveries: Deliveries },
): Promise<boolean> {
  const { id, kind, attempts, ageSeconds } = effect
  try {
    await deliveries[kind]?.(effect, AbortSignal.any([signal, AbortSignal.timeout(EFFECT_MS)]))
    await markDone(db, { id, worker })
    return true
  } catch (error) {
    // Its claim ends by itself: what was cut off by our own going down says nothing of the other side.
    if (signal.aborted) return false
    const isFinal = (isAppError(error) && error.status < 500) || ageSeconds > GIVE_UP_SECONDS
    onFailure(error, effect, isFinal)
    await markFailed(db, { id, worker, error: wordsOf(error), isFinal, retrySeconds: pauseAfter(attempts) })
    return false
  }
}

/** What people may read. */
export const wordsOf = (error: unknown): string =>
  isAppError(error)
    ? error.sentence
    : 'It did not succeed; whoever runs the installation finds why in the log.'

/** Twice as long after each attempt, and not at the same moment for all. */
export const pauseAfter = (attempts: number): number =>
  Math.min(5 * 2 ** Math.min(attempts, 20), LONGEST_PAUSE_SECONDS) * (0.9 + Math.random() * 0.2)
