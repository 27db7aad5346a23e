import { readFileSync } from 'node:fs'
import { bind, grant, read } from '../access.ts'
import type { KubeObject } from '../cluster-api.ts'
import type { Command, Component, StartContext } from '../component.ts'
import { flags } from '../flags.ts'
import { kubernetesUsers } from '../identities.ts'
import { paths, type Site } from '../site.ts'

/** CPU and memory of pods, as a process of the machine behind an APIService. */
export const metricsServer: Component = {
  name: 'metrics-server',
  about: 'Metrics',
  needs: ['kubelet'],
  programs: ['metrics-server'],
  async start({ site, program, cluster }: StartContext): Promise<Command> {
    await cluster.apply(...objects(site))
    const kubeconfig = paths.kubeconfig(site, 'metrics-server-client')
    const args = flags({
      kubeconfig,
      'authentication-kubeconfig': kubeconfig,
      'authorization-kubeconfig': kubeconfig,
      'bind-address': site.net.host,
      'secure-port': String(site.ports['metrics-server']),
      'tls-cert-file': paths.pki(site, 'metrics-server.crt'),
      'tls-private-key-file': paths.pki(site, 'metrics-server.key'),
      'kubelet-preferred-address-types': 'InternalIP',
      'kubelet-certificate-authority': paths.pki(site, 'ca.crt'),
      'metric-resolution': '15s',
    })
    return { path: program('metrics-server'), args, env: { GOGC: '50' } }
  },
  async ready({ cluster }) {
    await cluster.get('/apis/metrics.k8s.io/v1beta1')
  },
}

const user = 'metrics-server-client'

function objects(site: Site): KubeObject[] {
  const rbac = 'rbac.authorization.k8s.io'
  const name = 'metrics-server'
  const namespace = 'kube-system'
  const port = site.ports['metrics-server']
  return [
    ...grant(user, [
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods', 'nodes'], verbs: read },
    ]),
    bind('shipyard-metrics-server-delegator', user, 'system:auth-delegator'),
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'shipyard-metrics-server', namespace },
      roleRef: { apiGroup: rbac, kind: 'Role', name: 'extension-apiserver-authentication-reader' },
      subjects: [{ apiGroup: rbac, kind: 'User', name: kubernetesUsers[user].replace('CN=', '') }],
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { ports: [{ name: 'https', port: 443, targetPort: port, protocol: 'TCP' }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-machine`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'https', port, protocol: 'TCP' }],
      endpoints: [{ addresses: [site.net.host], conditions: { ready: true } }],
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        caBundle: readFileSync(paths.pki(site, 'ca.crt')).toString('base64'),
        service: { name, namespace, port: 443 },
      },
    },
  ]
}
