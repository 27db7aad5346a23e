import type { Reason } from '../../../src/contract/crd/conditions.ts'

/** Why a deployment, or one service of it, is not as wished. */
export interface Finding {
  /** `waits`: somebody else has to finish, nothing is wrong yet. `stuck`: a person has to change something. */
  kind: 'waits' | 'stuck'
  reason: Reason
  /** What is so and what to do, in a sentence or two. */
  message: string
  /** How soon to look again, in milliseconds: only for what no watch tells of. */
  againMs?: number
}

export const waits = (reason: Reason, message: string): Finding => ({ kind: 'waits', reason, message })
export const stuck = (reason: Reason, message: string): Finding => ({ kind: 'stuck', reason, message })

/** The finding of the first check that has one: checks are ordered, and a later one may rely on those before it. */
export function firstFinding<Seen>(
  checks: readonly ((seen: Seen) => Finding | undefined)[],
  seen: Seen,
): Finding | undefined {
  for (const check of checks) {
    const finding = check(seen)
    if (finding) return finding
  }
  return undefined
}

/** Words of other programs inside our sentence: one line, not endless, without a full stop of its own. */
export function quoted(text: string | undefined, fallback = 'no reason was given'): string {
  const line = (text ?? '').replaceAll(/\s+/g, ' ').trim()
  return (line === '' ? fallback : line).slice(0, 400).replace(/\.$/, '')
}
