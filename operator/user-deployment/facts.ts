import type { RenderFacts } from './desired/rendering.ts'
import { serviceChild } from './child-names.ts'
import { liveOf, serviceObserved, type LiveService, type Observed } from './observed.ts'

/** What the cluster gave out, from what was seen. */
export function factsOf(observed: Observed): RenderFacts {
  const { services } = observed.resource.spec
  return {
    addresses: new Map(
      services.flatMap(({ name }) => {
        const address = addressOf(observed, name) ?? rememberedAddress(observed, name)
        return address === undefined ? [] : [[name, address]]
      }),
    ),
    replicas: new Map(
      services.flatMap(({ name }) => {
        const present = serviceObserved(observed, name).deployment?.spec.replicas
        return present === undefined ? [] : [[name, present]]
      }),
    ),
    hostsOfOthers: new Set(observed.rivals.keys()),
  }
}

/** The ClusterIP of a service that is there. */
export function addressOf(
  observed: Observed,
  service: Observed['resource']['spec']['services'][0]['name'],
): string | undefined {
  const name = serviceChild(observed.resource, service)
  const address = liveOf<LiveService>(observed, { kind: 'Service', metadata: { name } })?.spec.clusterIP
  return address === '' || address === 'None' ? undefined : address
}

/** The address that running pods know a service by, when its object is gone: it is asked for again. */
function rememberedAddress(observed: Observed, service: string): string | undefined {
  for (const { deployment } of observed.services.values()) {
    const aliases = deployment?.spec.template.spec.hostAliases ?? []
    const found = aliases.find(({ hostnames }) => hostnames?.includes(service))
    if (found) return found.ip
  }
  return undefined
}
