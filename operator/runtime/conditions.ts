/**
 * Conditions with the meaning that `kubectl wait`, Flux and Argo CD read (kstatus,
 * https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus): `Ready` is always there; `Reconciling`
 * and `Stalled` are there only while they are true. Pure: the time is passed in.
 */
import type { Result } from './result.ts'

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/condition/ */
export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason: string
  message: string
  /** RFC 3339; changes only with `status`. */
  lastTransitionTime: string
  /** The `metadata.generation` that this was decided for. */
  observedGeneration?: number
}

/** A condition as a reconcile decides it, before it is merged into those that are there. */
export type Decided = Omit<Condition, 'lastTransitionTime'>

interface Merge {
  /** What the object says now. Types that nobody decided on stay, as does their order. */
  current: readonly Condition[]
  decided: readonly Decided[]
  /** Types that no longer apply. */
  remove?: readonly string[]
  /** RFC 3339. */
  now: string
}

/** Each type once; `lastTransitionTime` is kept where the status stayed, so that a second merge changes nothing. */
export function mergeConditions({ current, decided, remove = [], now }: Merge): Condition[] {
  const before = new Map(current.map((condition) => [condition.type, condition]))
  const merged = new Map(before)
  for (const condition of decided) {
    const known = before.get(condition.type)
    const lastTransitionTime = known?.status === condition.status ? known.lastTransitionTime : now
    merged.set(condition.type, { ...condition, lastTransitionTime })
  }
  for (const type of remove) merged.delete(type)
  return [...merged.values()]
}

interface Outcome {
  result: Result
  observedGeneration: number
  /** Words for `Ready` when all is well. */
  ready?: { reason: string; message: string }
}

/** The three conditions that follow from a reconcile's answer, as arguments for {@link mergeConditions}. */
export function conditionsOf({ result, observedGeneration, ready }: Outcome): {
  decided: Decided[]
  remove: string[]
} {
  if (result.type === 'done') {
    const words = ready ?? { reason: 'Ready', message: 'Everything that was asked for is there and works.' }
    return {
      decided: [{ type: 'Ready', status: 'True', ...words, observedGeneration }],
      remove: ['Reconciling', 'Stalled'],
    }
  }
  const { reason, message } = result
  const [present, absent] =
    result.type === 'wait' ? (['Reconciling', 'Stalled'] as const) : (['Stalled', 'Reconciling'] as const)
  return {
    decided: [
      { type: 'Ready', status: 'False', reason, message, observedGeneration },
      { type: present, status: 'True', reason, message, observedGeneration },
    ],
    remove: [absent],
  }
}
