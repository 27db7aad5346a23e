import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { issueCertificates, type Certificate } from './pki.ts'
import { apiAddress, paths, type Site } from './site.ts'

/** Who talks to the API server, and as whom. Each gets a certificate and a kubeconfig of its own. */
export const kubernetesUsers = {
  admin: 'O=system:masters, CN=shipyard-admin',
  'kube-apiserver-kubelet-client': 'O=system:masters, CN=kube-apiserver-kubelet-client',
  'kube-controller-manager': 'CN=system:kube-controller-manager',
  'kube-scheduler': 'CN=system:kube-scheduler',
  'kube-proxy': 'CN=system:kube-proxy',
  felix: 'CN=shipyard:felix',
  cni: 'CN=shipyard:cni',
  'external-secrets': 'CN=shipyard:external-secrets',
  traefik: 'CN=shipyard:traefik',
  'metrics-server-client': 'CN=shipyard:metrics-server',
  'local-path-provisioner': 'CN=shipyard:local-path-provisioner',
  kwok: 'O=system:masters, CN=shipyard:kwok',
  'shipyard-server': 'CN=shipyard:server',
  'shipyard-operator': 'CN=shipyard:operator',
} as const

export type KubernetesUser = keyof typeof kubernetesUsers | 'kubelet'

/** Certificates and kubeconfigs of a stack; quick (milliseconds each), so made anew at every start. */
export async function issueIdentities(site: Site): Promise<void> {
  const users = Object.entries({ ...kubernetesUsers, kubelet: `O=system:nodes, CN=system:node:${site.name}` })
  await issueCertificates(site, [
    ...users.map(([name, subject]) => clientOf(site, name, subject)),
    ...serversOf(site),
  ])
  mkdirSync(paths.kubeconfig(site, '..').replace(/\/\.\.\.yaml$/, ''), { recursive: true, mode: 0o700 })
  for (const [name] of users) writeKubeconfig(site, name)
}

/** The kubelet serves with the certificate that it calls with. */
function clientOf(site: Site, name: string, subject: string): Certificate {
  return name === 'kubelet' ? { name, subject, dns: [site.name], ip: [site.net.node] } : { name, subject }
}

function serversOf(site: Site): Certificate[] {
  const service = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
  ]
  return [
    {
      name: 'kube-apiserver',
      subject: 'CN=kube-apiserver',
      dns: ['localhost', ...service],
      ip: ['127.0.0.1', site.net.host, site.net.apiService],
    },
    {
      name: 'metrics-server',
      subject: 'CN=metrics-server',
      dns: ['localhost', 'metrics-server.kube-system.svc'],
      ip: ['127.0.0.1', site.net.host],
    },
  ]
}

function writeKubeconfig(site: Site, user: string): void {
  const base64 = (file: string): string => readFileSync(paths.pki(site, file)).toString('base64')
  const server = `https://${apiAddress(site)}:${site.ports['kube-apiserver']}`
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: site.name, cluster: { server, 'certificate-authority-data': base64('ca.crt') } }],
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': base64(`${user}.crt`),
          'client-key-data': base64(`${user}.key`),
        },
      },
    ],
    contexts: [{ name: site.name, context: { cluster: site.name, user } }],
    'current-context': site.name,
  }
  writeFileSync(paths.kubeconfig(site, user), stringify(config), { mode: 0o600 })
}
