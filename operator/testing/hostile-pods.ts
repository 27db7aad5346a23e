/** Pods that ask for more than a tenant may have. */
import { LABELS } from '../../src/contract/crd/meta.ts'

/** What a field is set to, at a path such as `spec.containers.0.image`. */
export type Change = [path: string, value: unknown]

export interface Hostile {
  what: string
  /** Where it is sent, when that is part of something else of its name. */
  partOf?: { kind: string; subresource: string }
  object: { apiVersion: string; kind: string; metadata: { name: string; namespace: string } }
}

/** A pod that is admitted. */
export const harmlessPod = (
  namespace: string,
): Hostile['object'] & { spec: { containers: object[] } & Record<string, unknown> } => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'tried', namespace },
  spec: {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'web',
        image: 'registry.example/web:1',
        imagePullPolicy: 'Always',
        resources: { limits: { cpu: '100m', memory: '64Mi' } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        livenessProbe: { httpGet: { path: '/', port: 8080 } },
        lifecycle: { preStop: { sleep: { seconds: 1 } } },
      },
    ],
    volumes: [],
  },
})

const FIRST = 'spec.containers.0'
const SECURITY = `${FIRST}.securityContext`
export const METADATA_ADDRESS = '169.254.169.254'

export const POD_CHANGES: [what: string, ...Change][] = [
  ['a privileged container', `${SECURITY}.privileged`, true],
  ['an escalation of privileges', `${SECURITY}.allowPrivilegeEscalation`, true],
  ['a capability', `${SECURITY}.capabilities.add`, ['NET_ADMIN']],
  ['capabilities that are kept', `${SECURITY}.capabilities.drop`, []],
  ['root by number', `${SECURITY}.runAsUser`, 0],
  ['root by the image', 'spec.securityContext', { seccompProfile: { type: 'RuntimeDefault' } }],
  ['no seccomp profile', 'spec.securityContext.seccompProfile', { type: 'Unconfined' }],
  ['an own view of /proc', `${SECURITY}.procMount`, 'Unmasked'],
  ['a sysctl', 'spec.securityContext.sysctls', [{ name: 'kernel.msgmax', value: '1' }]],
  ["SELinux' own role", 'spec.securityContext.seLinuxOptions', { role: 'sysadm_r' }],
  ['no AppArmor', 'spec.securityContext.appArmorProfile', { type: 'Unconfined' }],
  ["the node's network", 'spec.hostNetwork', true],
  ["the node's processes", 'spec.hostPID', true],
  ["the node's semaphores", 'spec.hostIPC', true],
  ['a port of the node', `${FIRST}.ports`, [{ containerPort: 8080, hostPort: 8080 }]],
  ["a folder of the node's", 'spec.volumes.0', { name: 'x', hostPath: { path: '/' } }],
  ['a volume of NFS', 'spec.volumes.0', { name: 'x', nfs: { server: METADATA_ADDRESS, path: '/' } }],
  [
    'a volume of iSCSI',
    'spec.volumes.0',
    { name: 'x', iscsi: { targetPortal: '10.0.0.1', iqn: 'i', lun: 0 } },
  ],
  ['a volume of git', 'spec.volumes.0', { name: 'x', gitRepo: { repository: 'https://example.com/x' } }],
  ["the cluster's token", 'spec.automountServiceAccountToken', true],
  [
    'a token of its own',
    'spec.volumes.0',
    { name: 'x', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
  ],
  ['a node by name', 'spec.nodeName', 'node-1'],
  ['every taint', 'spec.tolerations', [{ operator: 'Exists' }]],
  [
    'the taint of the control plane',
    'spec.tolerations',
    [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
  ],
  [
    "another organisation's nodes",
    'spec.tolerations',
    [{ key: LABELS.orgId, operator: 'Equal', value: `org_${'z'.repeat(25)}` }],
  ],
  ["every organisation's nodes", 'spec.tolerations', [{ key: LABELS.orgId, operator: 'Exists' }]],
  ['the priority of the system', 'spec.priorityClassName', 'system-cluster-critical'],
  ['the priority of nodes', 'spec.priorityClassName', 'system-node-critical'],
  [
    'a probe of the metadata address',
    `${FIRST}.livenessProbe`,
    { httpGet: { host: METADATA_ADDRESS, path: '/', port: 80 } },
  ],
  [
    'a probe of another address by TCP',
    `${FIRST}.livenessProbe`,
    { tcpSocket: { host: '10.0.0.1', port: 80 } },
  ],
  [
    'a hook that calls the metadata address',
    `${FIRST}.lifecycle`,
    { postStart: { httpGet: { host: METADATA_ADDRESS, path: '/', port: 80 } } },
  ],
  ['more than the quota', `${FIRST}.resources`, { limits: { cpu: '9999', memory: '64Mi' } }],
  ['more memory than the quota', `${FIRST}.resources`, { limits: { cpu: '1', memory: '9Ti' } }],
  [
    'an init container with privileges',
    'spec.initContainers',
    [{ name: 'i', image: 'x', securityContext: { privileged: true } }],
  ],
  ['an image that somebody else has pulled', `${FIRST}.imagePullPolicy`, 'IfNotPresent'],
  [
    'an init container with an image that somebody else has pulled',
    'spec.initContainers',
    [
      {
        name: 'i',
        image: 'registry.example/web:1',
        imagePullPolicy: 'Never',
        resources: { limits: { cpu: '1m', memory: '1Mi' } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  ],
  ['a process of Windows', 'spec.securityContext.windowsOptions', { hostProcess: true }],
]

/** What the scheduler writes: whoever writes it passes by every taint. */
export function bindings(namespace: string): Hostile[] {
  const object = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name: 'tried', namespace },
    ...{ target: { apiVersion: 'v1', kind: 'Node', name: 'node-1' } },
  }
  return [
    { what: 'Binding: a node of its own choice', object },
    {
      what: "Binding: a node of its own choice, as the scheduler's",
      partOf: { kind: 'Pod', subresource: 'binding' },
      object,
    },
  ]
}
