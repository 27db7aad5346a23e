import type { Program } from './program.ts'

const containerd = 'github.com/containerd/containerd/v2'
const calico = 'github.com/projectcalico/calico'
const cniPlugins = 'github.com/containernetworking/plugins/plugins'

/** What a node is made of: container runtime, network, and the tools that they call. */
export const nodePrograms = {
  containerd: {
    version: '2.4.2',
    file: 'containerd',
    alongside: ['containerd-shim-runc-v2', 'ctr'],
    onPath: { arguments: ['--version'], pattern: /containerd \S+ v?(\d+\.\d+\.\d+)/ },
    sources: [
      {
        kind: 'release',
        url: 'https://github.com/containerd/containerd/releases/download/v{version}/containerd-static-{version}-linux-{arch}.tar.gz',
        checksumUrl:
          'https://github.com/containerd/containerd/releases/download/v{version}/containerd-static-{version}-linux-{arch}.tar.gz.sha256sum',
        members: {
          containerd: 'bin/containerd',
          'containerd-shim-runc-v2': 'bin/containerd-shim-runc-v2',
          ctr: 'bin/ctr',
        },
      },
      {
        kind: 'go-build',
        module: 'tools/containerd',
        packages: {
          containerd: `${containerd}/cmd/containerd`,
          'containerd-shim-runc-v2': `${containerd}/cmd/containerd-shim-runc-v2`,
          ctr: `${containerd}/cmd/ctr`,
        },
        stamps: { [`${containerd}/version.Version`]: 'v2.4.2' },
        // Storage that the stack does not use, and that would need C libraries.
        tags: ['no_btrfs', 'no_zfs', 'no_devmapper', 'no_aufs'],
      },
    ],
    buildSeconds: 66,
  },
  'containerd-shim-runc-v2': {
    version: '2.4.2',
    file: 'containerd-shim-runc-v2',
    partOf: 'containerd',
    sources: [],
  },
  ctr: { version: '2.4.2', file: 'ctr', partOf: 'containerd', sources: [] },
  libseccomp: {
    version: 'debian-1',
    file: null,
    sources: [{ kind: 'debian', packages: ['libseccomp-dev', 'libseccomp2'], deliver: 'tree' }],
  },
  runc: {
    version: '1.5.2',
    file: 'runc',
    // Without seccomp, runc refuses every pod that asks for the default profile.
    onPath: { arguments: ['--version'], pattern: /runc version (\d+\.\d+\.\d+)[^]*libseccomp:/ },
    sources: [
      {
        kind: 'release',
        url: 'https://github.com/opencontainers/runc/releases/download/v{version}/runc.{arch}',
        checksumUrl: 'https://github.com/opencontainers/runc/releases/download/v{version}/runc.sha256sum',
        members: null,
      },
      {
        kind: 'go-build',
        module: 'tools/runc',
        packages: { runc: 'github.com/opencontainers/runc' },
        stamps: { 'main.version': '1.5.2' },
        tags: ['seccomp', 'netgo', 'osusergo'],
        cgo: 'libseccomp',
      },
    ],
    buildSeconds: 12,
  },
  'cni-plugins': {
    version: '1.9.1',
    file: null,
    alongside: ['loopback', 'host-local', 'portmap'],
    sources: [
      {
        kind: 'release',
        url: 'https://github.com/containernetworking/plugins/releases/download/v{version}/cni-plugins-linux-{arch}-v{version}.tgz',
        checksumUrl:
          'https://github.com/containernetworking/plugins/releases/download/v{version}/cni-plugins-linux-{arch}-v{version}.tgz.sha256',
        members: { loopback: 'loopback', 'host-local': 'host-local', portmap: 'portmap' },
      },
      {
        kind: 'go-build',
        module: 'tools/cni',
        packages: {
          loopback: `${cniPlugins}/main/loopback`,
          'host-local': `${cniPlugins}/ipam/host-local`,
          portmap: `${cniPlugins}/meta/portmap`,
        },
      },
    ],
    buildSeconds: 6,
  },
  // Calico's releases have images and one archive of gigabytes, so these are always built.
  calico: {
    version: '3.28.5',
    file: 'calico',
    sources: [
      { kind: 'go-build', module: 'tools/calico', packages: { calico: `${calico}/cni-plugin/cmd/calico` } },
    ],
    buildSeconds: 70,
  },
  'calico-felix': {
    version: '3.28.5',
    file: 'calico-felix',
    sources: [
      {
        kind: 'go-build',
        module: 'tools/calico',
        packages: { 'calico-felix': `${calico}/felix/cmd/calico-felix` },
        stamps: { [`${calico}/felix/buildinfo.GitVersion`]: 'v3.28' },
      },
    ],
    buildSeconds: 70,
  },
  'calico-crds': {
    version: '3.28.5',
    file: null,
    sources: [{ kind: 'go-files', module: 'tools/calico', of: calico, folder: 'libcalico-go/config/crd' }],
  },
  'net-tools': {
    version: 'debian-1',
    file: null,
    alongside: ['iptables', 'ip6tables-restore', 'ipset', 'conntrack'],
    sources: [
      {
        kind: 'debian',
        packages: [
          ...['iptables', 'ipset', 'conntrack'],
          ...['libxtables12', 'libip4tc2', 'libip6tc2', 'libnftnl11', 'libmnl0', 'libnetfilter-conntrack3'],
          ...['libnfnetlink0', 'libipset13', 'libc6'],
        ],
        deliver: 'net-tools',
      },
      { kind: 'machine-tools' },
    ],
  },
  busybox: {
    version: 'debian-1',
    file: 'busybox',
    sources: [{ kind: 'debian', packages: ['busybox-static'], deliver: { file: 'busybox' } }],
  },
} as const satisfies Record<string, Program>
