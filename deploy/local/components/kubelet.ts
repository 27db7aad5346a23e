import { statSync, writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import type { Command, Component, StartContext } from '../component.ts'
import { flags } from '../flags.ts'
import { paths, type Site } from '../site.ts'
import { containerdSocket } from './containerd.ts'
import { insideNode, nodeRoot } from './node.ts'

/** The kubelet. 1.34 is the last minor version that still runs on a machine with cgroup version 1. */
export const kubelet: Component = {
  name: 'kubelet',
  about: 'Kubelet',
  needs: ['kube-apiserver', 'containerd', 'network-policy'],
  within: 'node',
  programs: ['kubelet', 'net-tools'],
  async start(context: StartContext): Promise<Command> {
    const { site, program } = context
    const config = paths.config(site, 'kubelet.yaml')
    writeFileSync(config, stringify(configOf(site)))
    writeFileSync(paths.config(site, 'resolv.conf'), `nameserver ${site.net.dnsService}\n`)
    const args = flags({
      config,
      kubeconfig: paths.kubeconfig(site, 'kubelet'),
      'hostname-override': site.name,
      'root-dir': `${nodeRoot}/kubelet`,
      'node-ip': site.net.node,
      'cgroup-root': `/${site.name}`,
      'node-labels': 'shipyard.localhost/node=real',
    })
    return insideNode(context, { path: program('kubelet'), args })
  },
  async ready({ site, pidOf, cluster }) {
    const startedMs = statSync(`/proc/${pidOf('kubelet')}`).ctimeMs
    const { status } = await cluster.get<NodeObject>(`/api/v1/nodes/${site.name}`)
    const ready = status.conditions?.find((condition) => condition.type === 'Ready')
    const reportedMs = Date.parse(ready?.lastHeartbeatTime ?? '') + 1_000 // whole seconds
    if (ready?.status !== 'True') throw new Error(ready?.message ?? 'the node has not reported yet')
    if (reportedMs < startedMs) throw new Error('the node has not reported since it came back')
  },
}

interface NodeObject {
  readonly status: {
    readonly conditions?: readonly {
      type: string
      status: string
      message: string
      lastHeartbeatTime: string
    }[]
  }
}

function configOf(site: Site): object {
  const pki = (file: string): string => paths.pki(site, file)
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pki('ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    clusterDNS: [site.net.dnsService],
    clusterDomain: 'cluster.local',
    resolvConf: paths.config(site, 'resolv.conf'),
    address: site.net.node,
    healthzBindAddress: '127.0.0.1',
    tlsCertFile: pki('kubelet.crt'),
    tlsPrivateKeyFile: pki('kubelet.key'),
    podLogsDir: `${nodeRoot}/pod-logs`,
    enforceNodeAllocatable: ['pods'],
    // The disk is the machine's: a pod must not be evicted because something else filled it to 85 %.
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '512Mi',
      'imagefs.available': '512Mi',
      'nodefs.inodesFree': '1%',
    },
    syncFrequency: '10s',
    shutdownGracePeriod: '0s',
    serializeImagePulls: false,
  }
}
