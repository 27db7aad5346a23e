import type { V1IngressSpec } from '@kubernetes/client-node'

import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import type { HostName } from '../../../src/contract/names.ts'
import { certificateChild, deploymentChild, serviceChild } from '../child-names.ts'
import { defined, type Manifest } from '../manifest.ts'
import { hostsOf } from './hosts.ts'
import { middlewaresOf } from './middleware.ts'
import { metadataOf, type Rendering } from './rendering.ts'

export type IngressManifest = Manifest & { spec: V1IngressSpec }

/**
 * The way in through Traefik. Chosen host names get a certificate each from cert-manager where there is an issuer;
 * names below the platform's domain share its own wildcard, because public issuers limit certificates per domain.
 * A certificate that is given stands for all of them.
 */
export function ingressOf(rendering: Rendering): IngressManifest | null {
  const { resource, settings } = rendering
  const { ingress } = resource.spec
  const hosts = hostsOf(rendering)
  if (!ingress || hosts.length === 0) return null
  const issuer = ingress.tls ? '' : settings.clusterIssuer
  const asked = issuer === '' ? [] : certificatesOf(rendering, ingress.hosts)
  const tls = ingress.tls ? [{ hosts, secretName: ingress.tls.secretName }] : asked
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadataOf(rendering, deploymentChild(resource), {
      annotations: annotationsOf({
        hosts,
        issuer: asked.length > 0 ? issuer : '',
        middlewares: middlewaresOf(rendering),
      }),
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
  { resource, facts }: Rendering,
  hosts: readonly HostName[],
): NonNullable<V1IngressSpec['tls']> {
  const own = hosts.filter((host) => !facts.hostsOfOthers.has(host))
  return own.map((host) => ({ hosts: [host], secretName: certificateChild(resource, host) }))
}

interface Facing {
  hosts: readonly HostName[]
  /** Empty where no certificate is asked for. */
  issuer: string
  middlewares: readonly Manifest[]
}

function annotationsOf({ hosts, issuer, middlewares }: Facing): Record<string, string> {
  return {
    'external-dns.alpha.kubernetes.io/hostname': hosts.join(','),
    'traefik.ingress.kubernetes.io/router.entrypoints': 'web,websecure',
    ...(middlewares.length > 0
      ? { 'traefik.ingress.kubernetes.io/router.middlewares': middlewares.map(traefikName).join(',') }
      : {}),
    ...(issuer === '' ? {} : { 'cert-manager.io/cluster-issuer': issuer }),
  }
}

/** As Traefik calls an object of the cluster by default: only letters and digits count, and what is between is a hyphen. */
const traefikName = ({ metadata: { namespace = '', name } }: Manifest): string =>
  `${`${namespace}-${name}`.replaceAll(/[^a-z0-9]+/g, '-')}@kubernetescrd`
