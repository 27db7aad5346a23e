import type { Command, Component, StartContext } from '../component.ts'
import { flags } from '../flags.ts'
import { assertAnswers } from '../probe.ts'
import { apiAddress, paths, type Site } from '../site.ts'
import { clientUrl } from './etcd.ts'

/** The API server; on the stack's own link where there is a node, so that both sides reach it. */
export const kubeApiserver: Component = {
  name: 'kube-apiserver',
  about: 'Kubernetes API server',
  needs: ['network', 'etcd'],
  programs: ['kube-apiserver'],
  start: async ({ site, program }: StartContext): Promise<Command> => ({
    path: program('kube-apiserver'),
    args: flags(apiserverFlags(site)),
    env: { GOGC: '50' },
  }),
  async ready({ cluster }) {
    await cluster.call('GET', '/readyz')
  },
}

function apiserverFlags(site: Site): Record<string, string> {
  const pki = (file: string): string => paths.pki(site, file)
  return {
    'etcd-servers': clientUrl(site),
    'bind-address': apiAddress(site),
    'secure-port': String(site.ports['kube-apiserver']),
    'advertise-address': site.net.host,
    'service-cluster-ip-range': site.net.services,
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'client-ca-file': pki('ca.crt'),
    'tls-cert-file': pki('kube-apiserver.crt'),
    'tls-private-key-file': pki('kube-apiserver.key'),
    'service-account-key-file': pki('service-account.key'),
    'service-account-signing-key-file': pki('service-account.key'),
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'kubelet-client-certificate': pki('kube-apiserver-kubelet-client.crt'),
    'kubelet-client-key': pki('kube-apiserver-kubelet-client.key'),
    'kubelet-certificate-authority': pki('ca.crt'),
    'kubelet-preferred-address-types': 'InternalIP',
    'allow-privileged': 'true',
    profiling: 'false',
    'enable-aggregator-routing': 'true', // else it dials the ClusterIP of metrics-server, which is no pod
    'requestheader-client-ca-file': pki('front.crt'),
    'requestheader-allowed-names': 'front-proxy-client',
    'requestheader-username-headers': 'X-Remote-User',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'proxy-client-cert-file': pki('front-proxy-client.crt'),
    'proxy-client-key-file': pki('front-proxy-client.key'),
    'endpoint-reconciler-type': 'lease',
  }
}

export const kubeControllerManager: Component = {
  name: 'kube-controller-manager',
  about: 'Kubernetes controller manager',
  needs: ['kube-apiserver'],
  programs: ['kube-controller-manager'],
  start: async ({ site, program }: StartContext): Promise<Command> => ({
    path: program('kube-controller-manager'),
    args: flags({
      ...clientFlags(site, 'kube-controller-manager'),
      'service-account-private-key-file': paths.pki(site, 'service-account.key'),
      'root-ca-file': paths.pki(site, 'ca.crt'),
      'cluster-cidr': site.net.pods,
      'allocate-node-cidrs': 'true',
      'use-service-account-credentials': 'true',
      'cluster-signing-cert-file': paths.pki(site, 'ca.crt'),
      'cluster-signing-key-file': paths.pki(site, 'ca.key'),
    }),
    env: { GOGC: '50' },
  }),
  ready: async ({ site }) =>
    assertAnswers(`https://127.0.0.1:${site.ports['kube-controller-manager']}/healthz`),
}

export const kubeScheduler: Component = {
  name: 'kube-scheduler',
  about: 'Kubernetes scheduler',
  needs: ['kube-apiserver'],
  programs: ['kube-scheduler'],
  start: async ({ site, program }: StartContext): Promise<Command> => ({
    path: program('kube-scheduler'),
    args: flags(clientFlags(site, 'kube-scheduler')),
    env: { GOGC: '50' },
  }),
  ready: async ({ site }) => assertAnswers(`https://127.0.0.1:${site.ports['kube-scheduler']}/healthz`),
}

/** The defaults (20 calls a second) would make 500 pods take 25 s instead of 5. */
function clientFlags(site: Site, name: 'kube-controller-manager' | 'kube-scheduler'): Record<string, string> {
  return {
    kubeconfig: paths.kubeconfig(site, name),
    'leader-elect': 'false',
    'kube-api-qps': '200',
    'kube-api-burst': '400',
    'bind-address': '127.0.0.1',
    'secure-port': String(site.ports[name]),
    'cert-dir': paths.data(site, name),
  }
}
