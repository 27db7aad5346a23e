/** What may happen to a deployment between two edits of it, in a cluster in memory. */
import fc from 'fast-check'

import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import type { RenderSettings } from '../../src/contract/render-settings.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import { MADE_KINDS } from '../user-deployment/caches.ts'
import type { Cut } from './memory-cluster.ts'
import { MemoryOperator } from './memory-operator.ts'
import { ownedBy } from './normalise.ts'
import { putNamespace, putResource, statusOf } from './populate.ts'

const WITH_CHILD = ['delete-child', 'edit-child'] as const
const SUDDEN = ['restart', 'lose-events', 'repeat-events', 'resync', 'lag'] as const

export type Mishap =
  | { type: (typeof WITH_CHILD)[number]; pick: number }
  | { type: (typeof SUDDEN)[number] }
  /** A restart that sees the world as it was after some of all events. */
  | { type: 'old-list'; share: number }
  | { type: 'cut'; at: number; when: Cut['when']; how: number }

export const MISHAPS: readonly Mishap['type'][] = [...WITH_CHILD, ...SUDDEN, 'old-list', 'cut']

const PER_CENT = 100

export const arbitraryMishap: fc.Arbitrary<Mishap> = fc.oneof(
  fc.record({ type: fc.constantFrom(...WITH_CHILD), pick: fc.nat(1000) }),
  fc.record({ type: fc.constantFrom(...SUDDEN) }),
  fc.record({ type: fc.constant('old-list' as const), share: fc.nat(PER_CENT) }),
  fc.record({
    type: fc.constant('cut' as const),
    at: fc.nat(30),
    when: fc.constantFrom('before' as const, 'after' as const),
    how: fc.constantFrom(0, 409, 429, 500),
  }),
)

/** What a deployment has in a cluster, and what is said of it. */
export interface Outcome {
  owned: Record<string, unknown>
  phase: unknown
}

export const outcomeOf = ({ cluster }: MemoryOperator, resource: UserDeployment): Outcome => ({
  owned: ownedBy(cluster, resource),
  phase: statusOf(cluster, resource)?.phase,
})

/** Where a deployment ends when nothing ever goes wrong. */
export async function undisturbed(resource: UserDeployment, settings: RenderSettings): Promise<Outcome> {
  const operator = new MemoryOperator(settings)
  putNamespace(operator.cluster, resource)
  putResource(operator.cluster, resource)
  await operator.settle()
  return outcomeOf(operator, resource)
}

/** @returns who goes on: another operator after a restart */
export function disturb(operator: MemoryOperator, resource: UserDeployment, event: Mishap): MemoryOperator {
  const { cluster } = operator
  if (event.type === 'restart') return operator.restarted()
  if (event.type === 'old-list') {
    cluster.history.goBack(Math.floor((cluster.history.count * event.share) / PER_CENT))
    return operator.restarted()
  }
  if (event.type === 'lose-events') cluster.deliver(true)
  if (event.type === 'repeat-events') cluster.history.times = 2
  if (event.type === 'resync') operator.resync()
  if (event.type === 'cut') cluster.cut = { at: event.at, when: event.when, how: event.how }
  if (event.type === 'delete-child' || event.type === 'edit-child') {
    meddle(operator, childOf(operator, resource, event.pick), event.type)
  }
  return operator
}

function childOf(
  { cluster }: MemoryOperator,
  resource: UserDeployment,
  pick: number,
): KubeObject | undefined {
  const uid = cluster.objects.get('UserDeployment', resource.metadata)?.metadata.uid
  const children = MADE_KINDS.flatMap((kind) => cluster.objects.all(kind)).filter(({ metadata }) =>
    metadata.ownerReferences?.some((owner) => owner.uid === uid),
  )
  return children[pick % Math.max(children.length, 1)]
}

/** Somebody with kubectl. */
function meddle({ cluster }: MemoryOperator, child: KubeObject | undefined, how: string): void {
  if (!child) return
  if (how === 'delete-child') cluster.objects.drop(child)
  // A ConfigMap of ours is immutable: the API server refuses to change it.
  else if (child.kind !== 'ConfigMap')
    cluster.objects.replace({ ...child, spec: keyFields(child) } as KubeObject)
}

/** What the API server does not let anybody take away. */
const keyFields = (child: KubeObject): object => {
  const { spec } = child as { spec?: { clusterIP?: unknown; template?: unknown } }
  return {
    ...(spec?.clusterIP ? { clusterIP: spec.clusterIP } : {}),
    ...(spec?.template ? { template: spec.template } : {}),
  }
}

/** Some turns only, so that the next event comes in the middle of the work. */
export async function turns(operator: MemoryOperator, count: number, isLagging: boolean): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    if (!isLagging) operator.cluster.deliver()
    await operator.turn()
  }
}

/** Nothing goes wrong any more, and all is seen that there is. */
export async function calmed(operator: MemoryOperator): Promise<void> {
  const { cluster } = operator
  cluster.cut = undefined
  cluster.relist()
  cluster.deliver()
  operator.resync()
  await operator.settle()
}

/** @returns what an operator writes that is through with everything and looks again */
export async function writesAfterwards(operator: MemoryOperator): Promise<string[]> {
  const { writes } = operator.cluster.objects
  writes.length = 0
  operator.resync()
  await operator.settle()
  return [...writes]
}
