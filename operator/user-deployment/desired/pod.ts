import type { V1HostAlias, V1PodSpec } from '@kubernetes/client-node'

import { LABELS } from '../../../src/contract/crd/meta.ts'
import type { Service } from '../../../src/contract/crd/service.ts'
import { SERVICE_ACCOUNT } from '../child-names.ts'
import { defined } from '../manifest.ts'
import { containerOf, GRACE_SECONDS } from './container.ts'
import { pullSecretName } from './external-secret.ts'
import { filesOf } from './files.ts'
import type { Rendering } from './rendering.ts'

/** Stands for an address that the cluster has not given out yet. */
const ADDRESS_UNKNOWN = '(given by the cluster)'

/** Group of mounted files where nobody chose one: it is added to whatever the process runs as. */
const DEFAULT_GROUP = 65_532

/** A pod of the level `restricted` (https://kubernetes.io/docs/concepts/security/pod-security-standards/). */
export function podSpecOf(rendering: Rendering, service: Service): V1PodSpec {
  const { resource } = rendering
  const { volumes, mounts } = filesOf(resource, service)
  const aliases = hostAliasesOf(rendering)
  const pullSecrets = resource.spec.pullSecrets.map((secret) => ({ name: pullSecretName(rendering, secret) }))
  return defined({
    serviceAccountName: SERVICE_ACCOUNT,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    securityContext: defined({
      runAsNonRoot: true,
      runAsUser: service.runAsUser,
      fsGroup: service.fsGroup ?? service.runAsUser ?? DEFAULT_GROUP,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    }),
    hostAliases: aliases.length > 0 ? aliases : undefined,
    imagePullSecrets: pullSecrets.length > 0 ? pullSecrets : undefined,
    ...ownNodes(rendering),
    containers: [containerOf(resource, service, mounts)],
    volumes: volumes.length > 0 ? volumes : undefined,
  })
}

/**
 * The bare names of the deployment's services, in each pod's /etc/hosts: several deployments of a namespace may have
 * a service of the same name, so the cluster's DNS cannot know it (docs/decisions/022). Where nothing is to run, an
 * address that is not there yet is in nobody's way.
 */
function hostAliasesOf({ resource, facts }: Rendering): V1HostAlias[] {
  const listening = resource.spec.services.filter(({ ports }) => ports.length > 0).map(({ name }) => name)
  return listening
    .filter((name) => name !== 'localhost' && (!resource.spec.suspended || facts.addresses.has(name)))
    .toSorted()
    .map((name) => ({ ip: facts.addresses.get(name) ?? ADDRESS_UNKNOWN, hostnames: [name] }))
}

/** `dedicated`: only on nodes that carry the organisation's label, which keep others away by a taint of that name. */
function ownNodes({ resource }: Rendering): Pick<V1PodSpec, 'nodeSelector' | 'tolerations'> {
  const { network, owner } = resource.spec
  if (network.isolation !== 'dedicated') return {}
  return {
    nodeSelector: { [LABELS.orgId]: owner.orgId },
    tolerations: [{ key: LABELS.orgId, operator: 'Equal', value: owner.orgId, effect: 'NoSchedule' }],
  }
}
