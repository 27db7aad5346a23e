/**
 * Which packets NetworkPolicies let pass, as Kubernetes defines it
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/). For what Shipyard renders: selectors
 * by labels alone, ports by number.
 */
import { contains } from '../user-deployment/desired/ranges.ts'
import type { NetworkPolicyManifest } from '../user-deployment/desired/network-policy.ts'

type Labels = Readonly<Record<string, string>>
type Spec = NetworkPolicyManifest['spec']
type Rule = NonNullable<Spec['ingress']>[number] | NonNullable<Spec['egress']>[number]
type Peer = NonNullable<Spec['ingress']>[number]['from'][number]

/** A pod, or without a namespace whatever else has an address. */
export interface Party {
  address: string
  namespace?: string
  labels?: Labels
}

export interface Packet {
  from: Party
  to: Party
  port: number
  /** Default TCP. */
  protocol?: 'TCP' | 'UDP'
}

interface World {
  /** Labels of each namespace by its name. */
  namespaces: ReadonlyMap<string, Labels>
  policies: readonly NetworkPolicyManifest[]
}

/** Whether both ends let the first packet of a connection pass; those after it belong to it. */
export function evaluatorOf({ namespaces, policies }: World): (packet: Packet) => boolean {
  const byNamespace = Map.groupBy(policies, ({ metadata }) => metadata.namespace ?? '')

  const rulesFor = (party: Party, direction: 'Ingress' | 'Egress'): Rule[] | undefined => {
    const own = (byNamespace.get(party.namespace ?? '') ?? []).filter(
      ({ spec }) => spec.policyTypes.includes(direction) && matches(spec.podSelector, party.labels),
    )
    if (party.namespace === undefined || own.length === 0) return undefined
    return own.flatMap(({ spec }): Rule[] => (direction === 'Ingress' ? spec.ingress : spec.egress) ?? [])
  }

  const isMeant = (peer: Peer, party: Party, home: string): boolean => {
    const { ipBlock, podSelector, namespaceSelector } = peer
    if (ipBlock) {
      const host = `${party.address}/${party.address.includes(':') ? 128 : 32}`
      return contains(ipBlock.cidr, host) && !(ipBlock.except ?? []).some((each) => contains(each, host))
    }
    if (party.namespace === undefined) return false
    const isThere = namespaceSelector
      ? matches(namespaceSelector, namespaces.get(party.namespace))
      : party.namespace === home
    return isThere && (!podSelector || matches(podSelector, party.labels))
  }

  return ({ from, to, port, protocol = 'TCP' }) => {
    const allows = (rules: Rule[] | undefined, [self, other]: readonly [Party, Party]): boolean =>
      !rules ||
      rules.some((rule) => {
        const peers = 'from' in rule ? rule.from : rule.to
        const isPort =
          !rule.ports || rule.ports.some((each) => each.port === port && each.protocol === protocol)
        return isPort && peers.some((peer) => isMeant(peer, other, self.namespace ?? ''))
      })
    return allows(rulesFor(from, 'Egress'), [from, to]) && allows(rulesFor(to, 'Ingress'), [to, from])
  }
}

/** An empty selector means everything; one of another form than ours would be read wrongly. */
function matches(selector: Spec['podSelector'], labels: Labels = {}): boolean {
  const { matchLabels = {}, ...others } = selector
  if (Object.keys(others).length > 0) throw new Error(`Not understood: ${JSON.stringify(others)}`)
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value)
}
