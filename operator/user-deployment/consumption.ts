/** What a deployment takes of the cluster, from what was seen. Pure: the time is passed in. */
import { Consumption, NOTHING, withRates, type Rates } from '../../src/contract/crd/consumption.ts'
import { milliOf } from '../../src/contract/quantity.ts'
import type { RawResource } from './caches.ts'
import { isGoing, type LiveClaim, type LivePod, type Observed } from './observed.ts'

/** With what was taken before; undefined for one that never took anything. */
export const consumptionOf = (observed: Observed, now: Date): Consumption | undefined =>
  withRates(observed.resource.status?.consumption, ratesOf(observed), now.getTime())

/** Nothing is counted from the moment on in which the deletion was asked for, although pods take a while to go. */
export function endedConsumption({ status, metadata }: RawResource): Consumption | undefined {
  const before = Consumption.safeParse((status as { consumption?: unknown } | undefined)?.consumption)
  if (!before.success) return undefined
  return withRates(before.data, NOTHING, Date.parse(metadata.deletionTimestamp ?? ''))
}

/** Of pods that run, and volumes that are there. What waits for a node or an image costs nothing, nor does what is told to go. */
function ratesOf({ services, live }: Observed): Rates {
  const requests = [...services.values()]
    .flatMap(({ pods }) => pods)
    .filter(isRunning)
    .flatMap(({ spec }) => spec?.containers ?? [])
    .map(({ resources }) => resources?.requests ?? {})
  const claims = [...live.values()].filter(({ kind }) => kind === 'PersistentVolumeClaim') as LiveClaim[]
  const volumes = claims.filter(isThere)
  return {
    cpu: Number(requests.reduce((sum, { cpu = '0' }) => sum + (milliOf(cpu) ?? 0n), 0n)),
    memory: mebibytes(requests.map(({ memory = '0' }) => memory)),
    storage: mebibytes(volumes.map(({ spec }) => spec.resources?.requests?.storage ?? '0')),
  }
}

const isRunning = (pod: LivePod): boolean => pod.status?.phase === 'Running' && !isGoing(pod)
const isThere = (claim: LiveClaim): boolean => claim.status?.phase === 'Bound' && !isGoing(claim)

const MILLI_MIB = 1000n * 1024n ** 2n

/** Whole ones: what is left over is the customer's. */
const mebibytes = (quantities: readonly string[]): number =>
  Number(quantities.reduce((sum, quantity) => sum + (milliOf(quantity) ?? 0n), 0n) / MILLI_MIB)
