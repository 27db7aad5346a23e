import type { ClusterApi, KubeObject } from '../cluster-api.ts'
import type { Component, StartContext } from '../component.ts'
import type { Site } from '../site.ts'
import { imageName } from './images.ts'

/** The cluster's DNS, as a pod so that NetworkPolicies can name it by its label. Names outside do not exist. */
export const coredns: Component = {
  name: 'coredns',
  about: 'Cluster DNS',
  needs: ['kubelet', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'images'],
  async start({ site, cluster }: StartContext) {
    await cluster.apply(...objects(site))
    return undefined
  },
  async ready({ cluster }) {
    await deploymentIsAvailable(cluster, 'kube-system', 'coredns')
  },
}

interface DeploymentObject {
  readonly metadata: { readonly generation: number }
  readonly status: {
    readonly observedGeneration?: number
    readonly availableReplicas?: number
    readonly updatedReplicas?: number
  }
}

/** Rejects until the newest pods of a Deployment are there and available. */
async function deploymentIsAvailable(cluster: ClusterApi, namespace: string, name: string): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`
  const { metadata, status } = await cluster.get<DeploymentObject>(path)
  const seen = status.observedGeneration === metadata.generation
  if (!seen || !status.updatedReplicas || !status.availableReplicas)
    throw new Error('its pod is not ready yet')
}

const labels = { 'k8s-app': 'kube-dns' }
const inKubeSystem = { name: 'coredns', namespace: 'kube-system' }

const corefile = `cluster.local:53 in-addr.arpa:53 ip6.arpa:53 {
  errors
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    pods insecure
    ttl 5
  }
}
.:53 {
  errors
  health :8080
  ready :8181
  template ANY ANY . {
    rcode NXDOMAIN
  }
}
`

function objects(site: Site): KubeObject[] {
  const rbac = 'rbac.authorization.k8s.io'
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inKubeSystem },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'system:coredns' },
      rules: [
        { apiGroups: [''], resources: ['services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'system:coredns' },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'system:coredns' },
      subjects: [{ kind: 'ServiceAccount', name: 'coredns', namespace: 'kube-system' }],
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: inKubeSystem, data: { Corefile: corefile } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels },
      spec: {
        clusterIP: site.net.dnsService,
        selector: labels,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP' },
        ],
      },
    },
    deployment(),
  ]
}

function deployment(): KubeObject {
  const container = {
    name: 'coredns',
    image: imageName('coredns'),
    resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { memory: '128Mi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
    livenessProbe: { httpGet: { path: '/health', port: 8080 }, initialDelaySeconds: 10 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 65532,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: [{ name: 'config', mountPath: '/etc/coredns' }],
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...inKubeSystem, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'coredns',
          dnsPolicy: 'Default',
          priorityClassName: 'system-cluster-critical',
          nodeSelector: { 'shipyard.localhost/node': 'real' },
          containers: [container],
          volumes: [{ name: 'config', configMap: { name: 'coredns' } }],
        },
      },
    },
  }
}
