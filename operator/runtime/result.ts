/**
 * What a reconcile may answer; there is nothing else but throwing, which means: something unexpected, try again
 * with back-off. Pure, so that checks and plans may use it.
 */
import type { Duration } from './duration.ts'

/** The world agrees with the wish. */
export interface Done {
  type: 'done'
  /** When to look again although nothing was heard; without it the resync period decides. */
  again?: Duration
}

/** Somebody else has to finish first (pods start, a secret is synced). Nothing is wrong yet. */
export interface Wait {
  type: 'wait'
  /** When to look again if no change is heard before: a deadline of one's own, not a polling period. */
  after: Duration
  /** One CamelCase word, the same in conditions, events and documents. */
  reason: string
  /** A sentence for people. */
  message: string
}

/** A person has to change something; trying harder would not help. It is looked at again at a slow pace. */
export interface Stalled {
  type: 'stalled'
  reason: string
  /** A sentence that says what to do. */
  message: string
  /** When to look again, where nothing tells that it was done; default the slow pace. */
  after?: Duration
}

export type Result = Done | Wait | Stalled

export function done(options: Omit<Done, 'type'> = {}): Done {
  return { type: 'done', ...options }
}

export function wait(why: Omit<Wait, 'type'>): Wait {
  return { type: 'wait', ...why }
}

export function stalled(why: Omit<Stalled, 'type'>): Stalled {
  return { type: 'stalled', ...why }
}
