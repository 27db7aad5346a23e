import { writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import type { Command, Component, StartContext } from '../component.ts'
import { paths, type Site } from '../site.ts'
import { assertListensInside, insideNode } from './node.ts'

const healthPort = 10_256

/** Services by iptables, inside the node's network namespace. Connection-tracking limits are the machine's: left alone. */
export const kubeProxy: Component = {
  name: 'kube-proxy',
  about: 'Service routing',
  needs: ['kube-apiserver'],
  within: 'node',
  programs: ['kube-proxy', 'net-tools'],
  async start(context: StartContext): Promise<Command> {
    const { site, program } = context
    const config = paths.config(site, 'kube-proxy.yaml')
    writeFileSync(config, stringify(configOf(site)))
    return insideNode(context, { path: program('kube-proxy'), args: [`--config=${config}`] })
  },
  ready: async ({ pidOf }) => assertListensInside(pidOf('kube-proxy'), healthPort),
}

function configOf(site: Site): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    clusterCIDR: site.net.pods,
    hostnameOverride: site.name,
    clientConnection: { kubeconfig: paths.kubeconfig(site, 'kube-proxy') },
    healthzBindAddress: `127.0.0.1:${healthPort}`,
    metricsBindAddress: '127.0.0.1:10249',
    nodePortAddresses: ['primary'],
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    iptables: { minSyncPeriod: '100ms', syncPeriod: '30s' },
  }
}
