/** Objects of every built-in kind that the operator applies, with what the API server likes to write its own way. */
import type { KubeObject } from '../object.ts'

const labels = { app: 'web', 'app.kubernetes.io/managed-by': 'test' }

export function representativeObjects(namespace: string): KubeObject[] {
  const metadata = (name: string): KubeObject['metadata'] => ({
    name,
    namespace,
    labels,
    annotations: { note: 'x' },
  })
  const all: object[] = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('web'),
      data: { 'a.txt': 'one\ntwo\n', empty: '' },
    },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: metadata('web'),
      automountServiceAccountToken: false,
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata('web'),
      spec: {
        type: 'ClusterIP',
        selector: labels,
        ports: [
          { name: 'http', port: 80, targetPort: 8080 },
          { name: 'admin', port: 81, targetPort: 'admin', protocol: 'TCP' },
        ],
      },
    },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata('web'), spec: deploymentSpec() },
    ...bounds(metadata),
    ...networking(metadata),
    ...scaling(metadata),
  ]
  return all as KubeObject[]
}

function deploymentSpec(): object {
  return {
    replicas: 2,
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: 300,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels, annotations: { hash: 'abc' } },
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        serviceAccountName: 'web',
        terminationGracePeriodSeconds: 20,
        securityContext: { runAsNonRoot: true, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        imagePullSecrets: [{ name: 'pull' }],
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'x', effect: 'NoSchedule' }],
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: { app: 'web' } },
          },
        ],
        volumes: [
          { name: 'tmp', emptyDir: {} },
          { name: 'config', configMap: { name: 'web', items: [{ key: 'a.txt', path: 'a.txt' }] } },
          { name: 'secret', secret: { secretName: 'web', defaultMode: 0o400 } },
          { name: 'sized', emptyDir: { sizeLimit: '0.5Gi' } },
        ],
        containers: [container()],
      },
    },
  }
}

function container(): object {
  return {
    name: 'web',
    image: 'registry.example/web:1',
    command: ['/web'],
    args: ['--port', '8080'],
    ports: [{ name: 'http', containerPort: 8080 }],
    env: [
      { name: 'EMPTY', value: '' },
      { name: 'MODE', value: 'prod' },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'web', key: 'token' } } },
    ],
    resources: {
      requests: { cpu: '0.1', memory: '64Mi' },
      limits: { cpu: '1000m', memory: '1024Mi' },
    },
    readinessProbe: { httpGet: { path: '/health', port: 'http' }, periodSeconds: 5 },
    livenessProbe: { tcpSocket: { port: 8080 }, failureThreshold: 5 },
    startupProbe: { exec: { command: ['true'] } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'config', mountPath: '/etc/web', readOnly: true },
    ],
  }
}

type Named = (name: string) => KubeObject['metadata']

function bounds(metadata: Named): object[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: metadata('data'),
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } },
    },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: metadata('quota'),
      spec: { hard: { 'requests.cpu': '2.5', 'limits.memory': '4096Mi', 'count/deployments.apps': '10' } },
    },
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: metadata('limits'),
      spec: {
        limits: [
          { type: 'Container', default: { cpu: '0.5' }, defaultRequest: { cpu: '0.1', memory: '64Mi' } },
        ],
      },
    },
  ]
}

function networking(metadata: Named): object[] {
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: metadata('web'),
      spec: {
        ingressClassName: 'traefik',
        tls: [{ hosts: ['web.example'], secretName: 'tls' }],
        rules: [
          {
            host: 'web.example',
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 'web', port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadata('deny'),
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress: [], egress: [] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadata('allow'),
      spec: {
        podSelector: { matchLabels: { app: 'web' } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }, { namespaceSelector: {} }],
            ports: [{ port: 8080 }, { port: 53, protocol: 'UDP' }],
          },
        ],
        egress: [{ to: [{ podSelector: {} }] }],
      },
    },
  ]
}

function scaling(metadata: Named): object[] {
  return [
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: metadata('web'),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: 2,
        maxReplicas: 5,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
          },
        ],
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: metadata('web'),
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    },
  ]
}
