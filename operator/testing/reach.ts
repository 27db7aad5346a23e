/**
 * Who may reach whom, as the contract says it of `network` and `visibility`: the one table that the rendered policies
 * (`network-policy.test.ts`) and real packets (`network-matrix.cluster.ts`) are held against. Nothing here knows how
 * policies are made.
 */
import type { Isolation } from '../../src/contract/crd/user-deployment.ts'

/** A service's pod, by what the table looks at. */
export interface Resident {
  namespace: string
  deployment: string
  isolation: Isolation
}

/**
 * Between pods of tenants. `shared` is shared with the namespace, which is one tenant's; both sides have to be.
 * Nodes of one's own (`dedicated`) open nothing.
 */
export function mayMeet(from: Resident, to: Resident): boolean {
  if (from.namespace !== to.namespace) return false
  if (from.deployment === to.deployment) return true
  return from.isolation === 'shared' && to.isolation === 'shared'
}

/** Where else a tenant's pod may try to get. */
export const ELSEWHERE = [
  'the DNS',
  'a public address',
  'a range that it names, at the port that it names',
  'a range that it names, at another port',
  'a private address',
  'the metadata address',
  'the API server by its address',
  'the API server by its Service',
  'the node',
  'a pod of no tenant',
] as const
export type Elsewhere = (typeof ELSEWHERE)[number]

/** The same for all isolations. `internet` is `network.internet` of the deployment. */
export function mayLeaveFor(place: Elsewhere, internet: boolean): boolean {
  if (place === 'the DNS') return true
  if (place === 'a public address') return internet
  if (place === 'a range that it names, at the port that it names') return true
  // The range is a public one.
  if (place === 'a range that it names, at another port') return internet
  return false
}

/** Who comes from outside the namespace. */
type Visitor = 'the ingress controller' | 'a pod of no tenant'

/** Only the ingress controller, and only at the port that answers outside, of what is public. */
export const mayVisit = (
  visitor: Visitor,
  { isPublic, isIngressPort }: { isPublic: boolean; isIngressPort: boolean },
): boolean => visitor === 'the ingress controller' && isPublic && isIngressPort
