import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { grant, read } from '../access.ts'
import type { ClusterApi } from '../cluster-api.ts'
import type { Command, Component, StartContext } from '../component.ts'
import { readManifests } from '../manifests.ts'
import { paths, type Site } from '../site.ts'
import { assertListensInside, insideNode, linkIntoNode } from './node.ts'

const healthPort = 9_099

/**
 * Pod networking and NetworkPolicies: Calico's plugin makes the pods' links, its agent Felix enforces the
 * policies. No BGP, no address management of its own, no encapsulation: there is one node.
 */
export const networkPolicy: Component = {
  name: 'network-policy',
  about: 'Network policies',
  needs: ['kube-apiserver'],
  within: 'node',
  programs: ['calico-felix', 'calico', 'cni-plugins', 'calico-crds', 'net-tools'],
  async start(context: StartContext): Promise<Command> {
    const { site, program } = context
    await applyObjects(context.cluster, program('calico-crds'))
    linkIntoNode(site, {
      calico: program('calico'),
      loopback: join(program('cni-plugins'), 'loopback'),
      'host-local': join(program('cni-plugins'), 'host-local'),
      portmap: join(program('cni-plugins'), 'portmap'),
    })
    writeFileSync(paths.node(site, 'cni/10-shipyard.conflist'), JSON.stringify(pluginsOf(site)))
    return insideNode(context, { path: program('calico-felix'), args: [], env: felixSettings(site) })
  },
  ready: async ({ pidOf }) => assertListensInside(pidOf('network-policy'), healthPort),
}

async function applyObjects(cluster: ClusterApi, definitions: string): Promise<void> {
  await Promise.all(readManifests(definitions).map(async (object) => cluster.apply(object)))
  await cluster.apply(...grant('felix', felixRules), ...grant('cni', pluginRules))
  await cluster.apply({
    apiVersion: 'crd.projectcalico.org/v1',
    kind: 'ClusterInformation',
    metadata: { name: 'default' },
    spec: { datastoreReady: true, clusterType: 'k8s' },
  })
}

const calico = 'crd.projectcalico.org'

const felixRules = [
  {
    apiGroups: [''],
    resources: ['pods', 'nodes', 'namespaces', 'services', 'endpoints', 'serviceaccounts', 'configmaps'],
    verbs: read,
  },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
  { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: read },
  { apiGroups: ['policy.networking.k8s.io'], resources: ['*'], verbs: read },
  { apiGroups: [calico], resources: ['*'], verbs: [...read, 'create', 'update', 'patch'] },
]

const pluginRules = [
  { apiGroups: [''], resources: ['pods', 'nodes', 'namespaces'], verbs: ['get'] },
  { apiGroups: [''], resources: ['pods/status'], verbs: ['patch'] },
  {
    apiGroups: [calico],
    resources: ['clusterinformations', 'ippools', 'ipamconfigs'],
    verbs: ['get', 'list'],
  },
]

function pluginsOf(site: Site): object {
  const calicoPlugin = {
    type: 'calico',
    log_level: 'warning',
    log_file_path: '/var/log/calico-cni.log',
    datastore_type: 'kubernetes',
    nodename: site.name,
    nodename_file_optional: true,
    mtu: 1500,
    // Kept on /run: a node that comes back has no pods, so no address is taken.
    ipam: { type: 'host-local', subnet: 'usePodCidr', dataDir: '/run/cni-addresses' },
    policy: { type: 'k8s' },
    kubernetes: { kubeconfig: paths.kubeconfig(site, 'cni') },
  }
  const portmap = { type: 'portmap', snat: true, capabilities: { portMappings: true } }
  return { name: 'shipyard', cniVersion: '0.3.1', plugins: [calicoPlugin, portmap] }
}

function felixSettings(site: Site): Record<string, string> {
  return {
    FELIX_DATASTORETYPE: 'kubernetes',
    KUBECONFIG: paths.kubeconfig(site, 'felix'),
    FELIX_FELIXHOSTNAME: site.name,
    CALICO_NETWORKING_BACKEND: 'none',
    FELIX_IPV6SUPPORT: 'false',
    FELIX_IPTABLESBACKEND: 'NFT',
    FELIX_LOGSEVERITYSCREEN: 'Warning',
    FELIX_LOGFILEPATH: 'none',
    FELIX_LOGSEVERITYSYS: 'none',
    FELIX_DEFAULTENDPOINTTOHOSTACTION: 'ACCEPT',
    FELIX_USAGEREPORTINGENABLED: 'false',
    FELIX_HEALTHENABLED: 'true',
    FELIX_HEALTHPORT: String(healthPort),
    FELIX_BPFENABLED: 'false',
    FELIX_XDPENABLED: 'false',
    FELIX_IPTABLESLOCKFILEPATH: '/run/xtables.lock',
  }
}
