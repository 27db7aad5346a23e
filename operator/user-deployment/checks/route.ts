/** Whether people reach what runs: pods that are ready are no answer yet. */
import type { Considered } from '../considered.ts'
import { hostsOf } from '../desired/hosts.ts'
import { healthPathAt } from '../desired/ingress.ts'
import type { LiveIngress } from '../observed.ts'
import { waits, type Finding } from './finding.ts'

/** A request that shows whether an address is answered. */
export interface RouteQuestion {
  host: string
  path: string
  /** As people come. Without TLS the answer may be the ingress controller's own, which leads everybody there. */
  overTls: boolean
  /**
   * Where people reach it by TLS, when that is not 443. Asked without it, the redirect would lead also those to that
   * port who came by TLS, whether anything runs behind it or not.
   */
  port?: number | undefined
}

/** The ingress controller writes its own address on an Ingress once it has taken it up, as Argo CD and kstatus read it. */
export function ingressFinding({ observed, places }: Considered): Finding | undefined {
  const place = places.find(({ wanted }) => wanted.kind === 'Ingress')
  if (!place || observed.resource.spec.suspended) return undefined
  const live: LiveIngress | undefined = place.live
  const { ingress = [] } = live?.status?.loadBalancer ?? {}
  if (ingress.length > 0) return undefined
  return waits(
    'IngressPending',
    'The services run. The ingress controller has not taken up their address yet. If it never does, ask your administrator: it may not write the status of an Ingress (INGRESS_STATUS).',
  )
}

/**
 * What to ask before the deployment counts as ready. Nothing where it was ready already: a look at all deployments,
 * as after a restart of the operator, is no reason to call on all apps.
 */
export function routeQuestions({ observed: { resource }, settings, facts }: Considered): RouteQuestion[] {
  const { metadata, spec, status } = resource
  const wasReady = status?.phase === 'Ready' && status.observedGeneration === metadata.generation
  if (wasReady || spec.suspended) return []
  const path = healthPathAt(resource) ?? '/'
  const overTls = settings.publicAddress.scheme === 'https' || spec.ingress?.redirectToHttps === true
  const port = overTls ? settings.httpsPort : undefined
  return hostsOf({ resource, settings, facts }).map((host) => ({ host, path, overTls, port }))
}

/** No object changes when the ingress controller has learnt of pods, so it is asked again. */
export const unanswered = ({ host }: RouteQuestion): Finding => ({
  ...waits(
    'IngressPending',
    `The services run. The ingress controller does not lead to them yet at ${host}. It is tried again.`,
  ),
  againMs: 250,
})
