/** What has to hold before anything is made or changed. */
import { LABELS } from '../../../src/contract/crd/meta.ts'
import { deploymentsOfNamespace } from '../../../src/contract/namespace-limits.ts'
import { isPlatformHost } from '../../../src/contract/platform-hosts.ts'
import { isPlan } from '../../../src/contract/tiers.ts'
import { compareQuantities } from '../../../src/contract/quantity.ts'
import type { Considered, Place } from '../considered.ts'
import type { ClaimManifest } from '../desired/persistent-volume-claim.ts'
import { reachOf } from '../desired/ranges.ts'
import type { LiveClaim, NamespaceObserved } from '../observed.ts'
import { ownershipOf } from '../ownership.ts'
import { stuck, waits, type Finding } from './finding.ts'

type Check = (considered: Considered) => Finding | undefined

const namespaceIsGoing: Check = ({ observed }) =>
  observed.namespace?.isTerminating ? waits('Deleting', 'The namespace is being deleted.') : undefined

/** Tenants' pods run in fenced namespaces only, whoever writes a resource into another one. */
const namespaceIsNotOurs: Check = ({ observed: { namespace, resource } }) => {
  if (namespace) return undefined
  return stuck(
    'InvalidSpec',
    `The namespace ${resource.metadata.namespace ?? ''} was not made by Shipyard. Create the deployment in Shipyard, not by hand.`,
  )
}

const namespaceIsAnothers: Check = ({ observed: { namespace, resource } }) => {
  const { owner } = resource.spec
  const labels = namespace?.labels ?? {}
  if (labels[LABELS.userId] === owner.userId && labels[LABELS.orgId] === owner.orgId) return undefined
  return stuck(
    'InvalidSpec',
    'The namespace belongs to another user or organisation than the deployment. Create the deployment in Shipyard, not by hand.',
  )
}

const namespaceIsOpen: Check = ({ observed: { namespace } }) =>
  namespace?.labels['pod-security.kubernetes.io/enforce'] === 'restricted'
    ? undefined
    : stuck(
        'InvalidSpec',
        'The namespace does not enforce the pod security level restricted. Ask your administrator to put its label back.',
      )

/**
 * How many deployments the organisation may have by the labels of the namespace; null is no limit. Where the label is
 * missing nobody bills, and the quota of the smallest plan holds the namespace.
 */
export function allowedOf(namespace: NamespaceObserved | undefined): number | null {
  const labels = namespace?.labels ?? {}
  return isPlan(labels[LABELS.plan] ?? '') ? deploymentsOfNamespace(labels) : null
}

/** Also what the server did not count, because somebody used kubectl. What is to stand still needs no place. */
const planAllowsNoMore: Check = ({ observed: { namespace, olderOnes, resource } }) => {
  const allowed = allowedOf(namespace)
  return resource.spec.suspended || allowed === null || olderOnes < allowed
    ? undefined
    : stuck(
        'TierLimitReached',
        `The plan of the organisation allows ${allowed} deployment${allowed === 1 ? '' : 's'}, and it has ${olderOnes} older than this one. Delete one, or change to a larger plan.`,
      )
}

const guardsAreMissing: Check = ({ observed: { namespace } }) =>
  namespace && namespace.missingGuards.length > 0
    ? waits('Provisioning', 'The namespace is being prepared.')
    : undefined

const wants = ({ places }: Considered, kind: string): boolean =>
  places.some(({ wanted }) => wanted.kind === kind)

const secretsAreNotServed: Check = (considered) =>
  considered.observed.unserved.has('ExternalSecret') && wants(considered, 'ExternalSecret')
    ? stuck(
        'SecretStoreUnavailable',
        'The deployment has secrets, but External Secrets Operator is not installed in the cluster. Ask your administrator.',
      )
    : undefined

/** Led on without what was asked for, people would send over an open line what should go by TLS. */
const middlewaresAreNotServed: Check = (considered) =>
  considered.observed.unserved.has('Middleware') && wants(considered, 'Middleware')
    ? stuck(
        'IngressUnsupported',
        "The ingress redirects to HTTPS or sets headers, but the cluster does not know Traefik's Middleware. Ask your administrator to install Traefik's definitions, or take both out of the ingress.",
      )
    : undefined

const secretStoreIsMissing: Check = (considered) =>
  considered.settings.clusterSecretStore === '' && wants(considered, 'ExternalSecret')
    ? stuck(
        'SecretStoreUnavailable',
        'The deployment has secrets, but this installation has no secret store. Ask your administrator to set CLUSTER_SECRET_STORE.',
      )
    : undefined

/** One that is chosen would take another deployment's place, or the dashboard's. */
const hostIsThePlatforms: Check = ({ observed, settings }) => {
  const host = observed.resource.spec.ingress?.hosts.find((each) => isPlatformHost(each, settings))
  return host === undefined
    ? undefined
    : stuck('HostTaken', `The host name ${host} is the platform's own. Choose one of a domain of yours.`)
}

const egressIsRefused: Check = ({ observed, settings }) => {
  const refused = observed.resource.spec.network.egress.find(
    ({ cidr }) => reachOf(cidr, settings.privateEgress) === undefined,
  )
  return refused === undefined
    ? undefined
    : stuck(
        'InvalidSpec',
        `The range ${refused.cidr} is private and not open to deployments. Remove it, or ask your administrator to add it to PRIVATE_EGRESS.`,
      )
}

/** What does not bear our labels is in no watch. */
const FOREIGN_MS = 15_000

/** By somebody else's, or by what an earlier life of the deployment left and which is going. */
const nameIsTaken: Check = ({ observed, places }) => {
  const others = places.flatMap(({ live }) => {
    const ownership = live ? ownershipOf(live, observed.resource) : 'ours'
    return live && ownership !== 'ours' ? [{ ...live, ownership }] : []
  })
  if (others.length === 0) return undefined
  const foreign = others.find(({ ownership }) => ownership === 'foreign')
  return foreign === undefined
    ? waits('Deleting', 'What the deployment had before it was deleted is still being removed.')
    : {
        ...stuck(
          'NameTaken',
          `There is a ${foreign.kind} ${foreign.metadata.name} that Shipyard did not make. Delete or rename it, so that the deployment can have its own.`,
        ),
        againMs: FOREIGN_MS,
      }
}

interface ClaimPlace {
  wanted: ClaimManifest
  live: LiveClaim | undefined
}

const isClaim = (place: Place): place is ClaimPlace => place.wanted.kind === 'PersistentVolumeClaim'

const volumeShrinks: Check = ({ places }) => {
  const shrunk = places.filter(isClaim).find(({ wanted, live }) => {
    const has = live?.spec.resources?.requests?.storage
    const asks = wanted.spec.resources?.requests?.['storage']
    return has !== undefined && asks !== undefined && compareQuantities(asks, has) < 0
  })?.wanted
  return shrunk === undefined
    ? undefined
    : stuck(
        'InvalidSpec',
        `The volume ${shrunk.metadata.name} cannot become smaller than it is. Give it its old size, or a new name for a new volume.`,
      )
}

const volumeChangesClass: Check = ({ places }) => {
  const changed = places.filter(isClaim).find(({ wanted, live }) => {
    const asks = wanted.spec.storageClassName
    return live !== undefined && asks !== undefined && live.spec.storageClassName !== asks
  })?.wanted
  return changed === undefined
    ? undefined
    : stuck(
        'InvalidSpec',
        `The volume ${changed.metadata.name} cannot change its storage class. Give it its old class, or a new name for a new volume.`,
      )
}

/** In this order: a later check relies on what an earlier one made sure of. */
export const BEFORE_CHANGES: readonly Check[] = [
  namespaceIsGoing,
  namespaceIsNotOurs,
  namespaceIsAnothers,
  namespaceIsOpen,
  planAllowsNoMore,
  secretStoreIsMissing,
  secretsAreNotServed,
  middlewaresAreNotServed,
  hostIsThePlatforms,
  egressIsRefused,
  nameIsTaken,
  volumeShrinks,
  volumeChangesClass,
  guardsAreMissing,
]
