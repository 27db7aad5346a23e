import { slotOf, type Slot } from './manifest.ts'
import type { LiveDeployment, Observed } from './observed.ts'

type PodSpec = LiveDeployment['spec']['template']['spec']

/** The ExternalSecrets and ConfigMaps that pods which run, or may be started again, are made from. */
export function referencesOf({ services }: Observed): Set<Slot> {
  const specs = [...services.values()].flatMap(({ deployment, replicaSets }) => [
    ...(deployment ? [deployment.spec.template.spec] : []),
    ...replicaSets.map(({ spec }) => spec.template.spec),
  ])
  return new Set(specs.flatMap((spec) => [...secretsIn(spec), ...configsIn(spec)]))
}

const slot = (kind: string, name: string | undefined): Slot[] =>
  name === undefined ? [] : [slotOf({ kind, metadata: { name } })]

/** A Secret has the name of the ExternalSecret that makes it. */
function secretsIn({ containers, volumes = [], imagePullSecrets = [] }: PodSpec): Slot[] {
  const names = [
    ...containers.flatMap(({ env = [] }) => env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name)),
    ...volumes.map(({ secret }) => secret?.secretName),
    ...imagePullSecrets.map(({ name }) => name),
  ]
  return names.flatMap((name) => slot('ExternalSecret', name))
}

const configsIn = ({ volumes = [] }: PodSpec): Slot[] =>
  volumes.flatMap(({ configMap }) => slot('ConfigMap', configMap?.name))
