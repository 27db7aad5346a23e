/** What there is, without what differs from one life of a cluster to another: uids, addresses, versions and times. */
import type { Consumption } from '../../src/contract/crd/consumption.ts'
import { keyOf, type KubeObject } from '../runtime/cluster.ts'
import type { MemoryCluster } from './memory-cluster.ts'

const CHANCE = [
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'scheduler.opsnorth.io/applied',
]
const TIMES = ['lastTransitionTime', 'deadlineAt']

/** Every object by its kind and name. A pod template with addresses in it decides a ReplicaSet's name: its owner's stands there. */
export function wholeState({ objects }: MemoryCluster): Record<string, unknown> {
  return stateOf(objects.everything())
}

/** The same for objects of any cluster. */
export function stateOf(all: readonly KubeObject[]): Record<string, unknown> {
  const names = new Map(all.map((object) => [object.metadata.uid, slotOf(object)]))
  const addresses = new Map<unknown, string>(
    all.flatMap((object) => {
      const address = addressOf(object)
      return address === undefined ? [] : [[address, slotOf(object)]]
    }),
  )
  const state: Record<string, unknown> = {}
  for (const object of all.toSorted((a, b) => (slotOf(a) < slotOf(b) ? -1 : 1))) {
    const { metadata } = object
    const instead = new Map<string, (value: unknown) => unknown>([
      ...CHANCE.map((key) => [key, () => undefined] as const),
      ...TIMES.map((key) => [key, () => 'a time'] as const),
      // Its history is that of this life; what is taken now is not.
      ['consumption', (taken) => ratesNow(taken as Consumption)],
      ['uid', (uid) => names.get(uid as string) ?? 'of nothing that is there'],
      ['observedGeneration', (seen) => (seen === metadata.generation ? 'current' : seen)],
      ['name', (name) => (name === metadata.name ? slotOf(object) : name)],
    ])
    const text = JSON.stringify(object, (key, value: unknown) => {
      const replace = instead.get(key)
      return replace ? replace(value) : (addresses.get(value) ?? value)
    })
    const slot = slotOf(object)
    state[slot in state ? `${slot}, once more` : slot] = JSON.parse(text) as unknown
  }
  return state
}

/** Objects whose owner is not there any more. */
export function orphans({ objects }: MemoryCluster): string[] {
  return orphansOf(objects.everything())
}

export function orphansOf(all: readonly KubeObject[]): string[] {
  const uids = new Set(all.map(({ metadata }) => metadata.uid))
  const isOrphan = ({ metadata }: KubeObject): boolean =>
    metadata.ownerReferences?.some(({ uid, kind }) => kind !== 'Other' && !uids.has(uid)) ?? false
  return all.filter(isOrphan).map(slotOf)
}

function ratesNow({ steps }: Consumption): unknown {
  const { at: _, ...rates } = steps.at(-1) ?? {}
  return rates
}

function slotOf({ kind, metadata }: KubeObject): string {
  const [owner] = metadata.ownerReferences ?? []
  if (kind === 'ReplicaSet' && owner) return `ReplicaSet of ${owner.name}`
  return `${kind} ${keyOf(metadata)}`
}

const addressOf = (service: KubeObject): unknown =>
  (service as { spec?: { clusterIP?: unknown } }).spec?.clusterIP
