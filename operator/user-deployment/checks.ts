/**
 * Decides, from what was seen, whether anything may be changed, which services have to wait, and why the deployment
 * is not ready. The reasons are the words of `src/contract/crd/conditions.ts`, the same for status, event and page.
 */
import type { Service } from '../../src/contract/crd/service.ts'
import { BEFORE_CHANGES } from './checks/before-changes.ts'
import { firstFinding, stuck, waits, type Finding } from './checks/finding.ts'
import { POD_CHECKS } from './checks/pods.ts'
import { afterDeadline, isRolledOut, rolloutFinding } from './checks/rollout.ts'
import { missingSecret } from './checks/secrets.ts'
import type { Considered } from './considered.ts'
import { addressOf } from './facts.ts'
import { isGoing, serviceObserved } from './observed.ts'

export type { Finding } from './checks/finding.ts'

/** Why nothing may be changed at all. */
export const findObstacle = (considered: Considered): Finding | undefined =>
  firstFinding(BEFORE_CHANGES, considered)

/** The others are led to what runs. */
export function findTakenHost({ observed: { rivals }, settings }: Considered): Finding | undefined {
  const [host] = rivals.keys()
  if (host === undefined) return undefined
  return host.endsWith(`.${settings.deploymentDomain}`)
    ? stuck(
        'HostTaken',
        `The host name ${host} belongs to a deployment of the same name in another namespace. Create this one in Shipyard, not by hand.`,
      )
    : stuck('HostTaken', `The host name ${host} belongs to another deployment. Remove it here or there.`)
}

/** Services whose pods may not be made or changed yet, by name, with the reason. */
export function findHolds(considered: Considered): Map<string, Finding> {
  const { services, suspended } = considered.observed.resource.spec
  return new Map(
    services.flatMap((service) => {
      const hold = suspended ? stopHold(considered, service) : firstFinding(holdChecks(service), considered)
      return hold ? [[service.name, hold]] : []
    }),
  )
}

/** Nothing has to be there for stopping. */
const stopHold = (considered: Considered, { name }: Service): Finding | undefined =>
  serviceObserved(considered.observed, name).deployment ? undefined : addressesArePending(considered)

const holdChecks = (service: Service): readonly ((considered: Considered) => Finding | undefined)[] => [
  (considered) => missingSecret(considered, service),
  addressesArePending,
  (considered) => dependencyIsPending(service, considered),
]

/** Pods know the others by address, so all addresses come first. */
export function addressesArePending({ observed }: Considered): Finding | undefined {
  const without = observed.resource.spec.services.find(
    ({ name, ports }) => ports.length > 0 && addressOf(observed, name) === undefined,
  )
  return without ? waits('Provisioning', `Service ${without.name} is being given its address.`) : undefined
}

/** Only the first start waits: a service that is there stays, whatever becomes of those that it needs. */
function dependencyIsPending({ name, dependsOn }: Service, { observed }: Considered): Finding | undefined {
  if (serviceObserved(observed, name).deployment) return undefined
  const late = dependsOn.find((other) => !hasBeenReady(other, observed))
  return late === undefined
    ? undefined
    : waits('DependencyPending', `Service ${name} is started when service ${late} is ready.`)
}

const hasBeenReady = (name: string, observed: Considered['observed']): boolean => {
  const seen = serviceObserved(observed, name)
  return seen.deployment !== undefined && isRolledOut(seen)
}

/** Why each service that is not ready is not, in the order of the spec. */
export function findTroubles(
  { observed }: Considered,
  holds: ReadonlyMap<string, Finding>,
): Map<string, Finding> {
  return new Map(
    observed.resource.spec.services.flatMap((service) => {
      const seen = serviceObserved(observed, service.name)
      const trouble = isRolledOut(seen)
        ? holds.get(service.name)
        : (afterDeadline(firstFinding(POD_CHECKS, { service, seen }), seen) ??
          holds.get(service.name) ??
          rolloutFinding(service.name, seen))
      return trouble ? [[service.name, trouble]] : []
    }),
  )
}

/** The one that counts: what needs a person before what needs time, and a cause before those who wait for it. */
export function worstOf(troubles: Iterable<Finding>): Finding | undefined {
  const all = [...troubles]
  const isConsequence = ({ reason }: Finding): boolean =>
    reason === 'DependencyPending' || reason === 'Provisioning' || reason === 'RollingOut'
  return all.find(({ kind }) => kind === 'stuck') ?? all.find((each) => !isConsequence(each)) ?? all[0]
}

/** Something that is wanted is just being deleted; it is made again when it is gone. */
export function findReplacement({ places }: Considered): Finding | undefined {
  const going = places.find(({ live }) => live !== undefined && isGoing(live))?.wanted
  return going
    ? waits(
        'Provisioning',
        `The ${going.kind} ${going.metadata.name} is made again when the old one is gone.`,
      )
    : undefined
}

/** After a change that was just written, what was seen before it says nothing any more. */
export function findUnfinished({ observed }: Considered): Finding {
  const isFirst = [...observed.services.values()].every(({ deployment }) => deployment === undefined)
  return isFirst
    ? waits('Provisioning', 'The parts of the deployment are being made.')
    : waits('RollingOut', 'The change is being rolled out.')
}
