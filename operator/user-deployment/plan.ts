/** From what is wanted and what is there to what is written: what to apply in which order, and what to delete. */
import type { Finding } from './checks/finding.ts'
import { LABELS } from '../../src/contract/crd/meta.ts'
import type { Considered, Place } from './considered.ts'
import type { ClaimManifest } from './desired/persistent-volume-claim.ts'
import type { RenderFacts } from './desired/rendering.ts'
import type { ServiceManifest } from './desired/service.ts'
import { slotOf, type Manifest } from './manifest.ts'
import { isGoing, type LiveClaim } from './observed.ts'
import { ownershipOf } from './ownership.ts'
import { referencesOf } from './references.ts'

/** What is live is ours: the check of names has seen to it, or {@link planStop}. */
export interface Step extends Place {
  /** To be tried when the cluster refuses `wanted`. */
  otherwise?: Manifest
}

export interface Plan {
  apply: Step[]
  prune: Manifest[]
}

interface Wish extends Pick<Considered, 'observed' | 'facts' | 'places'> {
  /** Services whose pods stay as they are for now. */
  holds: ReadonlyMap<string, Finding>
}

/**
 * Everything wanted is in `apply`: whether it has to be written at all is seen when it is compared with what is live.
 * Left out are pods that have to wait, what cannot change because its name says what it is, and what is just going.
 */
export function planChanges(wish: Wish): Plan {
  const apply = wish.places.flatMap(({ wanted, live }): Step[] => {
    if (isHeld(wanted, wish.holds) || (live && (isGoing(live) || isFixed(wanted)))) return []
    if (live && isUnboundAndGrows(wanted, live)) return []
    return [stepFor(wanted, live, wish.facts)]
  })
  return { apply, prune: pruned(wish) }
}

const RUNNING: readonly string[] = ['Deployment', 'HorizontalPodAutoscaler']

/** Of a deployment that is to stand still: what ends its pods, in what it made itself, and no more. */
export function planStop(wish: Omit<Wish, 'holds'>): Plan {
  const { apply, prune } = planChanges({ ...wish, holds: new Map() })
  const isOurs = (live: Manifest): boolean => ownershipOf(live, wish.observed.resource) === 'ours'
  return {
    apply: apply.filter(({ wanted, live }) => RUNNING.includes(wanted.kind) && live && isOurs(live)),
    prune: prune.filter(({ kind }) => RUNNING.includes(kind)),
  }
}

const isHeld = ({ kind, metadata }: Manifest, holds: Wish['holds']): boolean =>
  kind === 'Deployment' && holds.has(metadata.labels?.[LABELS.service] ?? '')

/** A ConfigMap of ours is immutable and named by its content. */
const isFixed = ({ kind }: Manifest): boolean => kind === 'ConfigMap'

/**
 * The cluster lets a claim grow once it has a volume, which it may get with its first pod only: what is refused until
 * then must not keep that pod from being made. When it is bound, that is heard, and it grows.
 */
function isUnboundAndGrows(wanted: Manifest, live: Manifest): boolean {
  if (wanted.kind !== 'PersistentVolumeClaim') return false
  const { spec, status } = live as LiveClaim
  const asked = (wanted as ClaimManifest).spec.resources?.requests?.['storage']
  return status?.phase === 'Pending' && spec.resources?.requests?.storage !== asked
}

/** A Service that has gone is made with the address that running pods know, if that is still free. */
function stepFor(wanted: Manifest, live: Manifest | undefined, { addresses }: RenderFacts): Step {
  const remembered = addresses.get(wanted.metadata.labels?.[LABELS.service] ?? '')
  if (wanted.kind !== 'Service' || live || remembered === undefined) return { wanted, live }
  const service = wanted as ServiceManifest
  const pinned: ServiceManifest = { ...service, spec: { ...service.spec, clusterIP: remembered } }
  return { wanted: pinned, live, otherwise: wanted }
}

/**
 * What this deployment made and does not want any more. Secrets and config files stay while pods of an older kind may
 * need them: deleting them under a pod would keep it from ever starting again.
 */
function pruned({ observed, places }: Wish): Manifest[] {
  const wanted = new Set(places.map(({ live }) => live))
  const unwanted = [...observed.live.values()].filter(
    (live) =>
      !wanted.has(live) &&
      !isGoing(live) &&
      live.metadata.ownerReferences !== undefined &&
      ownershipOf(live, observed.resource) === 'ours',
  )
  if (unwanted.length === 0) return unwanted
  const needed = referencesOf(observed)
  return unwanted.filter((live) => !needed.has(slotOf(live)))
}
