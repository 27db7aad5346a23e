/**
 * Names of what belongs to a deployment, from its own generated name (docs/decisions/015). Where content decides,
 * its hash or its version is in the name: such objects never change, so pods that run keep what they started with.
 */
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { childName, type Dns1123Label, type ServiceName, type VolumeName } from '../../src/contract/names.ts'
import { shortHash } from './hash.ts'

type Named = Pick<UserDeployment, 'metadata'>

/** At most 20 characters of the grammar of a volume's name: what `childName` leaves room for. */
const part = (text: string): VolumeName => text as VolumeName

/** Of what exists once a deployment: `abc`. */
export const deploymentChild = ({ metadata }: Named): Dns1123Label => childName(metadata.name)

/** Of what exists once a service: `abc-web`. */
export const serviceChild = ({ metadata }: Named, service: ServiceName): Dns1123Label =>
  childName(metadata.name, service)

/** Of the claim for a volume: `abc-web--data`. */
export const volumeChild = ({ metadata }: Named, service: ServiceName, volume: VolumeName): Dns1123Label =>
  childName(metadata.name, service, volume)

/** Of the policy that admits the ingress controller to a service. */
export const ingressPolicyChild = ({ metadata }: Named, service: ServiceName): Dns1123Label =>
  childName(metadata.name, service, part('ingress'))

/** Of the config files of a service, by their content: `abc-web--config-gh5k2p7qar`. */
export const configChild = ({ metadata }: Named, service: ServiceName, content: string): Dns1123Label =>
  childName(metadata.name, service, part(`config-${shortHash(content, 10)}`))

interface SecretPin {
  version: number
  /** All that decides what the Secret holds, but the version. */
  content: string
}

/** Of a secret at one version: `abc-web--v3-k2p7qarg`. The longest version has ten digits. */
export const secretChild = (
  { metadata }: Named,
  service: ServiceName,
  { version, content }: SecretPin,
): Dns1123Label => childName(metadata.name, service, part(`v${version}-${shortHash(content, 8)}`))

/** Of the credentials for a registry at one version: `abc--p3-k2p7qarg`. */
export const pullSecretChild = ({ metadata }: Named, { version, content }: SecretPin): Dns1123Label =>
  childName(metadata.name, undefined, part(`p${version}-${shortHash(content, 8)}`))

/** Of the certificate of a chosen host name. */
export const certificateChild = ({ metadata }: Named, host: string): Dns1123Label =>
  childName(metadata.name, undefined, part(`tls-${shortHash(host, 10)}`))

/** Of what the ingress controller does with requests and answers on their way: `abc--redirect`. */
export const middlewareChild = ({ metadata }: Named, what: 'redirect' | 'headers'): Dns1123Label =>
  childName(metadata.name, undefined, part(what))

/** The account of all pods of a namespace; it has no token and no rights. */
export const SERVICE_ACCOUNT = 'shipyard-workload'
