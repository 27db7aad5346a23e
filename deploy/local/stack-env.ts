import type { StackEnv } from './component.ts'
import { dsn } from './components/postgres.ts'
import { googleEnv } from './components/google.ts'
import { clusterSecretStore } from './components/external-secrets.ts'
import { vaultAddress } from './components/openbao.ts'
import { redisUrl } from './components/redis.ts'
import { stripeEnv } from './components/stripe.ts'
import { registries } from './components/registry.ts'
import { paths, type Site } from './site.ts'

/** @param parts names of the components that run; a part that does not run sets no variable. */
export function stackEnv(site: Site, parts: readonly string[]): StackEnv {
  const has = (part: string): boolean => parts.includes(part)
  const [open, locked] = registries(site)
  return {
    ...ownEnv(site, has),
    ...existingEnv(site),
    ...(has('external-secrets') ? { CLUSTER_SECRET_STORE: clusterSecretStore } : {}),
    ...(has('traefik') ? traefikEnv(site) : {}),
    ...(has('registry') && open ? { SHIPYARD_REGISTRY: `${open.host}=${open.url}` } : {}),
    ...(has('registry-private') && locked
      ? { SHIPYARD_REGISTRY_PRIVATE: `${locked.host}=${locked.url}` }
      : {}),
    ...besideEnv(site, has),
  }
}

/** What stands in for services of others, and what runs only where it is named. */
const besideEnv = (site: Site, has: (part: string) => boolean): StackEnv => ({
  ...(has('google') ? googleEnv(site) : {}),
  ...(has('maildev') ? mailEnv(site) : {}),
  ...(has('stripe') ? stripeEnv(site) : {}),
  ...(has('redis') ? { REDIS_URL: redisUrl(site) } : {}),
  ...(has('stripe-mock') ? { STRIPE_MOCK_URL: `http://127.0.0.1:${site.ports['stripe-mock']}` } : {}),
})

function ownEnv(site: Site, has: (part: string) => boolean): StackEnv {
  const vault = { VAULT_ADDR: vaultAddress(site), VAULT_TOKEN_FILE: paths.secret(site, 'vault-token') }
  const cluster = { KUBERNETES_ENABLED: 'true', KUBECONFIG: paths.kubeconfig(site, 'admin') }
  return {
    ...(has('postgres') ? { DATABASE_DSN: dsn(site) } : {}),
    ...(has('openbao') ? vault : {}),
    ...(has('kube-apiserver') ? cluster : {}),
  }
}

/** What exists outside is passed on as it was given. */
function existingEnv({ existing }: Site): StackEnv {
  const { databaseDsn, vault, google, stripe, billing, kubeconfig, ofCluster } = existing
  return {
    ...(databaseDsn ? { DATABASE_DSN: databaseDsn } : {}),
    ...(vault ? { VAULT_ADDR: vault.address } : {}),
    ...(vault?.tokenFile ? { VAULT_TOKEN_FILE: vault.tokenFile } : {}),
    ...(vault && !vault.tokenFile ? { VAULT_TOKEN: vault.token } : {}),
    ...google,
    ...stripe,
    ...billing,
    ...(kubeconfig ? { ...ofCluster, KUBERNETES_ENABLED: 'true', KUBECONFIG: kubeconfig } : {}),
  }
}

/** `MAILDEV_URL`: where tests and people read what was sent. */
function mailEnv(site: Site): StackEnv {
  return {
    SMTP_ADDR: `127.0.0.1:${site.ports['maildev-smtp']}`,
    SMTP_SECURITY: 'none',
    MAIL_FROM: 'Shipyard <no-reply@shipyard.localhost>',
    MAILDEV_URL: `http://127.0.0.1:${site.ports['maildev-web']}`,
  }
}

/** `*.localhost` leads every browser to this machine; Traefik's packets reach pods from the link's address. */
function traefikEnv(site: Site): StackEnv {
  return {
    DEPLOYMENT_DOMAIN: 'apps.localhost',
    INGRESS_HTTP_PORT: String(site.ports['traefik-http']),
    INGRESS_HTTPS_PORT: String(site.ports['traefik-https']),
    INGRESS_FROM: `${site.net.host}/32`,
    INGRESS_PROBE: `http://127.0.0.1:${site.ports['traefik-http']}`,
    INGRESS_PROBE_TLS: `https://127.0.0.1:${site.ports['traefik-https']}`,
  }
}
