/**
 * What the installation adds to a custom resource when its objects are rendered. The operator renders them, and
 * the server shows beforehand what it will render (`deployments.plan`): both read the same variables here, so
 * that the two agree when their environments do.
 */
import { z } from 'zod'

import { Cidr } from './cidr.ts'
import { Domain } from './names.ts'
import { reservedHostsOf, reservedHostVariables, type PlatformHosts } from './platform-hosts.ts'
import { publicAddressOf, publicAddressVariables, type PublicAddress } from './public-address.ts'

/** Whom the network policies of exposed services admit: addresses, or all pods of namespaces with these labels. */
export type IngressSource =
  | { readonly cidr: Cidr }
  | { readonly namespaceLabels: Readonly<Record<string, string>> }

export interface RenderSettings extends PlatformHosts {
  /** Name of the ClusterSecretStore; empty where there is none, and then a deployment with secrets cannot run. */
  readonly clusterSecretStore: string
  readonly ingressFrom: readonly IngressSource[]
  /** Private ranges that a deployment may ask to reach; all others it cannot, whatever its `egress` says. */
  readonly privateEgress: readonly Cidr[]
  /** Name of cert-manager's ClusterIssuer; empty: Ingresses ask for no certificate of their own. */
  readonly clusterIssuer: string
  readonly publicAddress: PublicAddress
  /** Where TLS is spoken for people; absent when it is 443. */
  readonly httpsPort?: number
}

const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const LABEL_VALUE = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

function sourceOf(text: string): IngressSource | undefined {
  const [key = '', value, ...rest] = text.split('=')
  if (value !== undefined && rest.length === 0 && LABEL_KEY.test(key) && LABEL_VALUE.test(value)) {
    return { namespaceLabels: { [key]: value } }
  }
  const cidr = Cidr.safeParse(text)
  return cidr.success ? { cidr: cidr.data } : undefined
}

/** `203.0.113.0/24`, or the label of namespaces `kubernetes.io/metadata.name=traefik`; several with commas. */
const ingressFrom = z.string().transform((text, context): IngressSource[] => {
  const sources = text.split(',').map((each) => sourceOf(each.trim()))
  if (sources.every((source) => source !== undefined)) return sources
  context.addIssue(
    'must be ranges such as 10.0.0.0/8 or labels of namespaces such as kubernetes.io/metadata.name=traefik, separated by commas',
  )
  return z.NEVER
})

/** Ranges with commas between them. */
const ranges = z.string().transform((text, context): Cidr[] => {
  const parsed = text.split(',').map((each) => Cidr.safeParse(each.trim()))
  if (parsed.every(({ success }) => success)) return parsed.flatMap(({ data }) => data ?? [])
  context.addIssue('must be ranges such as 10.5.0.0/16, separated by commas')
  return z.NEVER
})

const objectName = z
  .string()
  .max(253)
  .regex(
    /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/,
    'must be the name of an object: lower-case letters, digits, hyphens and dots',
  )

/** The variables that say it, for a schema of an environment. */
export const renderVariables = {
  DEPLOYMENT_DOMAIN: Domain.default(Domain.parse('opsnorth.io')),
  CLUSTER_SECRET_STORE: objectName.default(''),
  CLUSTER_ISSUER: objectName.default(''),
  INGRESS_FROM: ingressFrom.default([{ namespaceLabels: { 'kubernetes.io/metadata.name': 'traefik' } }]),
  PRIVATE_EGRESS: ranges.default([]),
  ...publicAddressVariables,
  ...reservedHostVariables,
}

type Variables = z.output<z.ZodObject<typeof renderVariables>>

export function renderSettingsOf(variables: Variables): RenderSettings {
  const { INGRESS_HTTPS_PORT: httpsPort } = variables
  return {
    deploymentDomain: variables.DEPLOYMENT_DOMAIN,
    clusterSecretStore: variables.CLUSTER_SECRET_STORE,
    ingressFrom: variables.INGRESS_FROM,
    privateEgress: variables.PRIVATE_EGRESS,
    clusterIssuer: variables.CLUSTER_ISSUER,
    publicAddress: publicAddressOf(variables),
    reservedHosts: reservedHostsOf(variables),
    ...(httpsPort === undefined || httpsPort === 443 ? {} : { httpsPort }),
  }
}
