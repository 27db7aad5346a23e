/** All outside things together: what main.ts makes once and use-cases take parts of. */
import type { Clock } from './clock/port.ts'
import type { Db } from './db/port.ts'
import type { KubePort } from './kube/port.ts'
import type { MailPort } from './mail/port.ts'
import type { OAuthPort } from './oauth/port.ts'
import type { RegistryPort } from './registry/port.ts'
import type { SessionsPort } from './sessions/port.ts'
import type { StripePort } from './stripe/port.ts'
import type { VaultPort } from './vault/port.ts'

export interface Ports {
  readonly db: Db
  readonly vault: VaultPort
  /** Undefined: this installation has no cluster (KUBERNETES_ENABLED=false). */
  readonly kube: KubePort | undefined
  readonly registry: RegistryPort
  /** Undefined: this installation has no mail server, and people hand links over themselves. */
  readonly mail: MailPort | undefined
  /** Undefined: nobody signs in by Google here (GOOGLE_CLIENT_ID is not set). */
  readonly oauth: OAuthPort | undefined
  readonly sessions: SessionsPort
  /** Undefined: nobody pays here, and nothing is limited (BILLING_ENABLED is false). */
  readonly stripe: StripePort | undefined
  readonly clock: Clock
}
