import type { V1IngressSpec } from '@kubernetes/client-node'

import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import { hostFor, type HostName } from '../../../src/contract/names.ts'
import type { RenderSettings } from '../../../src/contract/render-settings.ts'
import { certificateChild, deploymentChild, serviceChild } from '../child-names.ts'
import { defined, type Manifest } from '../manifest.ts'
import { metadataOf, type Rendering } from './rendering.ts'

export type IngressManifest = Manifest & { spec: V1IngressSpec }

/** The host names at which a deployment answers: the generated one first. None when it is internal. */
export function hostsOf(
  { metadata, spec }: UserDeployment,
  { deploymentDomain }: RenderSettings,
): HostName[] {
  if (!spec.ingress || spec.visibility !== 'public') return []
  return [hostFor(metadata.name, deploymentDomain), ...spec.ingress.hosts]
}

/**
 * The way in through Traefik. Chosen host names get a certificate each from cert-manager where there is an issuer;
 * names below the platform's domain share its own wildcard, because public issuers limit certificates per domain.
 */
export function ingressOf(rendering: Rendering): IngressManifest | null {
  const { resource, settings } = rendering
  const { ingress } = resource.spec
  const hosts = hostsOf(resource, settings)
  if (!ingress || hosts.length === 0) return null
  const tls = settings.clusterIssuer === '' ? [] : certificatesOf(resource, ingress.hosts)
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadataOf(rendering, deploymentChild(resource), {
      annotations: annotationsOf(settings, { hosts, hasCertificates: tls.length > 0 }),
    }),
    spec: defined({
      ingressClassName: 'traefik',
      rules: hosts.map((host) => ({ host, http: { paths: [pathTo(resource, ingress)] } })),
      tls: tls.length > 0 ? tls : undefined,
    }),
  }
}

/** Where the service behind the Ingress says that it is well, if it says so at the very port. */
export function healthPathAt({ spec: { ingress, services } }: UserDeployment): string | undefined {
  const http = services.find(({ name }) => name === ingress?.service)?.health?.http
  return http?.port === ingress?.port ? http?.path : undefined
}

type IngressWish = NonNullable<UserDeployment['spec']['ingress']>

function pathTo(
  resource: UserDeployment,
  { service, port }: IngressWish,
): NonNullable<NonNullable<V1IngressSpec['rules']>[0]['http']>['paths'][0] {
  const name = serviceChild(resource, service)
  return { path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: port } } } }
}

function certificatesOf(
  resource: UserDeployment,
  hosts: readonly HostName[],
): NonNullable<V1IngressSpec['tls']> {
  return hosts.map((host) => ({ hosts: [host], secretName: certificateChild(resource, host) }))
}

interface Facing {
  hosts: readonly HostName[]
  hasCertificates: boolean
}

function annotationsOf(settings: RenderSettings, { hosts, hasCertificates }: Facing): Record<string, string> {
  return {
    'external-dns.alpha.kubernetes.io/hostname': hosts.join(','),
    'traefik.ingress.kubernetes.io/router.entrypoints': 'web,websecure',
    ...(hasCertificates ? { 'cert-manager.io/cluster-issuer': settings.clusterIssuer } : {}),
  }
}
