/** Goal S10: all pairs of pods of 50 namespaces, by the rendered policies, against the table of who may reach whom. */
import { expect, it } from 'vitest'

import { podLabels } from './desired/rendering.ts'
import { namespaceGuards } from './desired/namespace-guards.ts'
import type { NetworkPolicyManifest } from './desired/network-policy.ts'
import { renderUserDeployment } from './render.ts'
import { ISOLATIONS, type UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import type { ServiceName } from '../../src/contract/names.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import { evaluatorOf, type Packet, type Party } from '../testing/policy-evaluator.ts'
import { mayLeaveFor, mayMeet, mayVisit, type Elsewhere, type Resident } from '../testing/reach.ts'
import { aResource, namespaceLabels, testSettings } from '../testing/resources.ts'

const NAMESPACES = 50
const PORT = 8080
const settings = testSettings({ INGRESS_FROM: '10.1.2.3/32,kubernetes.io/metadata.name=traefik' })

interface Pod extends Resident {
  party: Party & { namespace: string }
  resource: UserDeployment
  service: ServiceName
}

/**
 * The same deployments, under the same names, in each namespace: two shared ones, one of each other isolation, one that
 * is internal. They ask for the addresses of each other's pods too, in vain.
 */
function deploymentsOf(namespace: string): UserDeployment[] {
  const egress = [{ cidr: '10.20.0.0/16' }, { cidr: '0.0.0.0/0', ports: [PORT] }]
  return [...ISOLATIONS, 'shared' as const, 'shared' as const].map((isolation, at) =>
    aResource(
      {
        network: { isolation, internet: at !== 3, egress: at === 4 ? egress.slice(0, 1) : egress },
        visibility: at === 4 ? 'internal' : 'public',
        services: [smallService(), smallService({ name: 'api', ports: [{ port: PORT }, { port: 9090 }] })],
      },
      { name: `abcdefghi${'abcde'.charAt(at)}` as never, namespace },
    ),
  )
}

const resources = Array.from({ length: NAMESPACES }, (_, at) => deploymentsOf(`sandbox-${at}`)).flat()

const pods: Pod[] = resources.flatMap((resource, at) =>
  resource.spec.services.map(({ name }, service) => {
    const { name: deployment, namespace = '' } = resource.metadata
    const address = `10.20.${Math.floor((at * 2 + service) / 200)}.${(at * 2 + service) % 200}`
    return {
      namespace,
      deployment,
      isolation: resource.spec.network.isolation,
      party: { namespace, address, labels: podLabels(resource, name) },
      resource,
      service: name,
    }
  }),
)

const namespaces = new Map<string, Record<string, string>>([
  ...pods.map(({ namespace, resource }): [string, Record<string, string>] => [
    namespace,
    { ...namespaceLabels(resource.spec.owner), 'kubernetes.io/metadata.name': namespace },
  ]),
  ['kube-system', { 'kubernetes.io/metadata.name': 'kube-system' }],
  ['traefik', { 'kubernetes.io/metadata.name': 'traefik' }],
  ['elsewhere', { 'kubernetes.io/metadata.name': 'elsewhere' }],
])

const policies = [
  ...[...namespaces].flatMap(([name, labels]) =>
    name.startsWith('sandbox-') ? namespaceGuards({ name, labels }) : [],
  ),
  ...resources.flatMap((resource) => renderUserDeployment(resource, settings)),
].filter((object): object is NetworkPolicyManifest => object.kind === 'NetworkPolicy')

const passes = evaluatorOf({ namespaces, policies })

const nameOf = ({ namespace, deployment, service }: Pod): string => `${namespace}/${deployment}-${service}`

it(`lets no pod of ${NAMESPACES} namespaces reach another but those that the contract says`, () => {
  const wrong: string[] = []
  let open = 0
  for (const from of pods) {
    for (const to of pods) {
      const isOpen = passes({ from: from.party, to: to.party, port: PORT })
      if (isOpen) open++
      if (isOpen !== mayMeet(from, to))
        wrong.push(`${nameOf(from)} to ${nameOf(to)} is ${isOpen ? '' : 'not '}open`)
    }
  }
  expect(wrong.slice(0, 20)).toEqual([])
  // Of each namespace's ten pods six share, and two pairs keep to themselves.
  expect([pods.length, open]).toEqual([500, NAMESPACES * (36 + 4 + 4)])
})

const stranger: Party = { namespace: 'elsewhere', address: '10.20.9.9', labels: { app: 'stranger' } }
const PLACES: readonly [Elsewhere, Omit<Packet, 'from'>][] = [
  ['the DNS', { to: dns('kube-system', 'kube-dns'), port: 53, protocol: 'UDP' }],
  ['the DNS', { to: dns('kube-system', 'kube-dns'), port: 53 }],
  ['a public address', { to: { address: '93.184.216.34' }, port: 443 }],
  ['a public address', { to: { address: '2606:2800:220:1::1' }, port: 443 }],
  ['a private address', { to: { address: '10.20.0.1' }, port: PORT }],
  ['the metadata address', { to: { address: '169.254.169.254' }, port: 80 }],
  ['the metadata address', { to: { address: '168.63.129.16' }, port: 80 }],
  ['the metadata address', { to: { address: 'fd00:ec2::254' }, port: 80 }],
  ['the API server by its address', { to: { address: '10.20.192.1' }, port: 6443 }],
  ['the API server by its Service', { to: { address: '10.96.0.1' }, port: 443 }],
  ['the node', { to: { address: '192.168.1.7' }, port: 10250 }],
  ['a pod of no tenant', { to: stranger, port: PORT }],
  ['a pod of no tenant', { to: dns('elsewhere', 'kube-dns'), port: 53, protocol: 'UDP' }],
  ['a pod of no tenant', { to: dns('kube-system', 'other'), port: 53, protocol: 'UDP' }],
  ['a pod of no tenant', { to: dns('kube-system', 'kube-dns'), port: 9153 }],
]

function dns(namespace: string, app: string): Party {
  return { namespace, address: '10.20.9.10', labels: { 'k8s-app': app } }
}

it.each(PLACES)('lets pods leave for %s as the contract says: %j', (place, packet) => {
  for (const pod of pods) {
    const expected = mayLeaveFor(place, pod.resource.spec.network.internet)
    expect(passes({ from: pod.party, ...packet }), nameOf(pod)).toBe(expected)
  }
})

it('opens a range that is named at its port, and shut elsewhere where there is no internet', () => {
  const offline = pods.filter(({ resource }) => !resource.spec.network.internet)
  expect(offline.length).toBe(2 * NAMESPACES)
  const to = { address: '93.184.216.34' }
  for (const { party } of offline) {
    expect(passes({ from: party, to, port: PORT })).toBe(
      mayLeaveFor('a range that it names, at the port that it names', false),
    )
    expect(passes({ from: party, to, port: 443 })).toBe(
      mayLeaveFor('a range that it names, at another port', false),
    )
  }
})

it.each([
  ['the ingress controller', { address: '10.1.2.3' }],
  ['the ingress controller', { namespace: 'traefik', address: '10.20.9.11', labels: {} }],
  ['a pod of no tenant', stranger],
] as const)('lets %s in as the contract says', (visitor, from) => {
  for (const { party, resource, service } of pods) {
    for (const port of [PORT, 9090]) {
      const isIngressPort = service === resource.spec.ingress?.service && port === resource.spec.ingress.port
      const isPublic = resource.spec.visibility === 'public'
      expect(passes({ from, to: party, port }), `${party.address}:${port}`).toBe(
        mayVisit(visitor, { isPublic, isIngressPort }),
      )
    }
  }
})
