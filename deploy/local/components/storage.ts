import { writeFileSync } from 'node:fs'
import { grant, read } from '../access.ts'
import type { KubeObject } from '../cluster-api.ts'
import type { Command, Component, StartContext } from '../component.ts'
import { flags } from '../flags.ts'
import { paths } from '../site.ts'
import { imageName } from './images.ts'
import { nodeRoot } from './node.ts'

const namespace = 'local-path-storage'

/** PersistentVolumeClaims as folders of the node, made by a helper pod. */
export const storage: Component = {
  name: 'storage',
  about: 'Storage for volumes',
  needs: ['kubelet', 'images', 'kube-controller-manager'],
  programs: ['local-path-provisioner'],
  async start({ site, program, cluster }: StartContext): Promise<Command> {
    await cluster.apply(...objects())
    const config = paths.config(site, 'local-path.json')
    writeFileSync(
      config,
      JSON.stringify({
        nodePathMap: [{ node: 'DEFAULT_PATH_FOR_NON_LISTED_NODES', paths: [`${nodeRoot}/volumes`] }],
      }),
    )
    const args = flags({
      kubeconfig: paths.kubeconfig(site, 'local-path-provisioner'),
      config,
      namespace,
      'service-account-name': 'default',
      'configmap-name': 'local-path-config',
      'helper-image': imageName('busybox'),
    })
    return {
      path: program('local-path-provisioner'),
      args: ['start', ...args],
      env: { POD_NAMESPACE: namespace },
    }
  },
}

const helperPod = `apiVersion: v1
kind: Pod
metadata:
  name: helper-pod
spec:
  priorityClassName: system-node-critical
  automountServiceAccountToken: false
  containers:
    - name: helper-pod
      image: ${imageName('busybox')}
      imagePullPolicy: IfNotPresent
`

/** 0777 because pods run as whoever they like and `fsGroup` does not apply to folders of the node. */
const setup = '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n'
const teardown = '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n'

function objects(): KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'local-path-config', namespace },
      data: { 'helperPod.yaml': helperPod, setup, teardown, 'config.json': '{}' },
    },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name: 'local-path',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
      provisioner: 'rancher.io/local-path',
      volumeBindingMode: 'WaitForFirstConsumer',
      reclaimPolicy: 'Delete',
    },
    ...grant('local-path-provisioner', rules),
  ]
}

const rules = [
  {
    apiGroups: [''],
    resources: ['nodes', 'persistentvolumeclaims', 'configmaps', 'pods', 'pods/log'],
    verbs: read,
  },
  {
    apiGroups: [''],
    resources: ['persistentvolumes'],
    verbs: [...read, 'create', 'patch', 'update', 'delete'],
  },
  {
    apiGroups: [''],
    resources: ['pods', 'endpoints'],
    verbs: [...read, 'create', 'patch', 'update', 'delete'],
  },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: read },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    verbs: [...read, 'create', 'update', 'patch'],
  },
]
