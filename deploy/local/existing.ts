/** Parts that exist outside, by the variables that name them; each is used instead of one of our own. */
export interface Existing {
  /** `DATABASE_DSN` */
  readonly databaseDsn?: string
  /** `VAULT_ADDR` with `VAULT_TOKEN_FILE` or `VAULT_TOKEN` */
  readonly vault?: { readonly address: string; readonly token: string; readonly tokenFile?: string }
  /** `GOOGLE_CLIENT_ID` with all that belongs to it: people sign in by Google itself. */
  readonly google?: Readonly<Record<string, string>>
  /** `STRIPE_SECRET_KEY` or `STRIPE_SECRET_KEY_FILE` with all that belongs to it: people pay by Stripe itself. */
  readonly stripe?: Readonly<Record<string, string>>
  /** Whether server and operator are told that people pay: `BILLING_ENABLED`. */
  readonly billing?: Readonly<Record<string, string>>
  /** `KUBECONFIG`; its External Secrets Operator and Traefik are used as they are. */
  readonly kubeconfig?: string
  /** What server and operator have to know of that cluster: `CLUSTER_SECRET_STORE`, `DEPLOYMENT_DOMAIN` and others. */
  readonly ofCluster?: Readonly<Record<string, string>>
}
