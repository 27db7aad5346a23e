import type { GoBuildSource, PathCheck, Program, ReleaseSource } from './program.ts'

const kubernetes = '1.34.4'

/** Without these stamps the API server reports itself as v0.0.0-master. */
const kubernetesStamps = {
  'k8s.io/component-base/version.gitVersion': `v${kubernetes}`,
  'k8s.io/component-base/version.gitMajor': '1',
  'k8s.io/component-base/version.gitMinor': '34',
  'k8s.io/component-base/version.gitTreeState': 'clean',
  'k8s.io/client-go/pkg/version.gitVersion': `v${kubernetes}`,
}

function kubernetesProgram(name: string, buildSeconds: number, ask = ['--version']): Program {
  const url = `https://dl.k8s.io/v{version}/bin/linux/{arch}/${name}`
  const onPath: PathCheck = { arguments: ask, pattern: /(?:Kubernetes|Client Version:) v(\d+\.\d+\.\d+)/ }
  const release: ReleaseSource = { kind: 'release', url, checksumUrl: `${url}.sha256`, members: null }
  const build: GoBuildSource = {
    kind: 'go-build',
    module: 'tools/kubernetes',
    packages: { [name]: `k8s.io/kubernetes/cmd/${name}` },
    stamps: kubernetesStamps,
  }
  return { version: kubernetes, file: name, onPath, sources: [release, build], buildSeconds }
}

/** 1.34 is the last minor whose kubelet runs on cgroup v1, which some machines still have. */
export const clusterPrograms = {
  etcd: {
    version: '3.6.8',
    file: 'etcd',
    onPath: { arguments: ['--version'], pattern: /etcd Version: (\d+\.\d+\.\d+)/ },
    sources: [
      {
        kind: 'release',
        url: 'https://github.com/etcd-io/etcd/releases/download/v{version}/etcd-v{version}-linux-{arch}.tar.gz',
        checksumUrl: 'https://github.com/etcd-io/etcd/releases/download/v{version}/SHA256SUMS',
        members: { etcd: 'etcd-v{version}-linux-{arch}/etcd' },
      },
      { kind: 'go-build', module: 'tools/etcd', packages: { etcd: 'go.etcd.io/etcd/server/v3' } },
    ],
    buildSeconds: 65,
  },
  'kube-apiserver': kubernetesProgram('kube-apiserver', 250),
  'kube-controller-manager': kubernetesProgram('kube-controller-manager', 80),
  'kube-scheduler': kubernetesProgram('kube-scheduler', 8),
  kubelet: kubernetesProgram('kubelet', 20),
  'kube-proxy': kubernetesProgram('kube-proxy', 8),
  kubectl: kubernetesProgram('kubectl', 25, ['version', '--client']),
} as const satisfies Record<string, Program>
