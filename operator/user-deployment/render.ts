/**
 * The one door to the operator: what a UserDeployment becomes, as a pure function. The operator applies these
 * objects, and the server shows them before anything is made (`deployments.plan`).
 */
import type { Service } from '../../src/contract/crd/service.ts'
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import type { RenderSettings } from '../../src/contract/render-settings.ts'
import { configMapOf } from './desired/config-map.ts'
import { deploymentOf } from './desired/deployment.ts'
import { externalSecretsOf, pullSecretsOf } from './desired/external-secret.ts'
import { autoscalerOf } from './desired/horizontal-pod-autoscaler.ts'
import { ingressOf } from './desired/ingress.ts'
import { ingressPolicyOf, networkPolicyOf } from './desired/network-policy.ts'
import { middlewaresOf } from './desired/middleware.ts'
import { claimsOf } from './desired/persistent-volume-claim.ts'
import { disruptionBudgetOf } from './desired/pod-disruption-budget.ts'
import type { RenderFacts, Rendering } from './desired/rendering.ts'
import { serviceOf } from './desired/service.ts'
import type { Manifest } from './manifest.ts'

export type { RenderFacts } from './desired/rendering.ts'
export type { Manifest } from './manifest.ts'

const NOTHING_KNOWN: RenderFacts = { addresses: new Map(), replicas: new Map(), hostsOfOthers: new Set() }

/**
 * All objects of one deployment, in the order in which they are applied. Equal arguments give equal objects; every
 * name follows from the deployment's name. Owner references are there once the resource has a uid.
 *
 * @param resource all defaults filled in, as `UserDeployment.parse` gives it
 * @param facts what the cluster gave out; without them its addresses are shown as not known yet
 */
export function renderUserDeployment(
  resource: UserDeployment,
  settings: RenderSettings,
  facts: RenderFacts = NOTHING_KNOWN,
): Manifest[] {
  const rendering: Rendering = { resource, settings, facts }
  const ofEach = (
    render: (rendering: Rendering, service: Service) => Manifest | Manifest[] | null,
  ): Manifest[] => resource.spec.services.flatMap((service) => render(rendering, service) ?? [])
  return [
    // The fence before what it encloses.
    networkPolicyOf(rendering),
    ...present(ingressPolicyOf(rendering)),
    // What pods are made from before the pods.
    ...pullSecretsOf(rendering),
    ...ofEach(externalSecretsOf),
    ...ofEach(configMapOf),
    ...ofEach(claimsOf),
    // Addresses before the pods that have to know them.
    ...ofEach(serviceOf),
    // What a route goes through before the route.
    ...middlewaresOf(rendering),
    ...present(ingressOf(rendering)),
    ...ofEach(deploymentOf),
    ...ofEach(autoscalerOf),
    ...ofEach(disruptionBudgetOf),
  ]
}

const present = (manifest: Manifest | null): Manifest[] => (manifest ? [manifest] : [])
