/**
 * The images that a stack on one machine needs before any registry of the world can be reached: made here from
 * programs that are on the machine, and pushed to the stack's own registry.
 */
import type { ImageFile, ImageSpec } from './image-spec.ts'

/** The versions of the programs, which are the tags of their images. */
export const IMAGE_VERSIONS = { coredns: '1.15.0', localPathProvisioner: '0.0.30' } as const

export interface LocalPrograms {
  /** The static binary built from `hello/`. */
  hello: string
  /** A statically linked busybox. */
  busybox: string
  coredns: string
  localPathProvisioner?: string
}

/** The account that images run as unless a pod names another; it owns nothing in them. */
const NONROOT = '65532:65532'

/** Links to /bin/busybox. One that a build of busybox lacks fails when it is called, and only then. */
const APPLETS = (
  'sh ash awk base64 basename cat chmod chown cmp cp cut date dd df diff dirname du echo env expr false find free ' +
  'grep gunzip gzip head hostname httpd id ip kill ln ls md5sum mkdir mkfifo mktemp more mount mv nc nproc nslookup ' +
  'od ping printf ps pwd readlink realpath rm rmdir sed seq sha1sum sha256sum sha512sum sleep sort stat stty tail ' +
  'tar tee test timeout top touch tr true truncate tty uname uniq uptime vi watch wc wget which whoami xargs yes'
).split(' ')

function accounts(shell: string): ImageFile[] {
  return [
    {
      path: '/etc/passwd',
      content: [
        `root:x:0:0:root:/root:${shell}`,
        `nobody:x:65534:65534:nobody:/nonexistent:${shell}`,
        `nonroot:x:65532:65532:nonroot:/home/nonroot:${shell}`,
        '',
      ].join('\n'),
    },
    { path: '/etc/group', content: 'root:x:0:\nnobody:x:65534:\nnonroot:x:65532:\n' },
    { path: '/etc/nsswitch.conf', content: 'hosts: files dns\n' },
    { path: '/home/nonroot', directory: true, mode: 0o700, uid: 65_532, gid: 65_532 },
    { path: '/root', directory: true, mode: 0o700 },
    { path: '/tmp', directory: true, mode: 0o1777 },
  ]
}

/** An image of one static program, without a shell. */
function programFiles(path: string, sourcePath: string): ImageFile[] {
  return [...accounts('/sbin/nologin'), { path, sourcePath, mode: 0o755 }]
}

function pauseImage(hello: string): ImageSpec {
  return {
    name: 'shipyard/pause',
    tag: '1',
    files: [{ path: '/pause', sourcePath: hello, mode: 0o755 }],
    config: { entrypoint: ['/pause', 'pause'], user: NONROOT },
  }
}

function helloImage(hello: string): ImageSpec {
  return {
    name: 'shipyard/hello',
    tag: '1',
    files: programFiles('/hello', hello),
    config: {
      entrypoint: ['/hello'],
      env: { PORT: '8080' },
      user: NONROOT,
      exposedPorts: ['8080/tcp'],
      labels: { 'org.opencontainers.image.title': 'hello' },
    },
  }
}

/** Port 53 without root needs `net.ipv4.ip_unprivileged_port_start=0` in the pod, containerd's default since 2.0. */
function corednsImage(coredns: string): ImageSpec {
  return {
    name: 'shipyard/coredns',
    tag: IMAGE_VERSIONS.coredns,
    files: programFiles('/coredns', coredns),
    config: {
      entrypoint: ['/coredns'],
      cmd: ['-conf', '/etc/coredns/Corefile'],
      user: NONROOT,
      exposedPorts: ['53/tcp', '53/udp'],
    },
  }
}

/** Root by default, because helper pods of the storage provisioner make folders on the node with it. */
function busyboxImage(busybox: string): ImageSpec {
  return {
    name: 'shipyard/busybox',
    tag: '1',
    files: [
      ...accounts('/bin/sh'),
      { path: '/bin/busybox', sourcePath: busybox, mode: 0o755 },
      ...APPLETS.map((applet) => ({ path: `/bin/${applet}`, symlink: 'busybox' })),
    ],
    config: { cmd: ['/bin/sh'], env: { PATH: '/bin' } },
  }
}

function provisionerImage(localPathProvisioner: string): ImageSpec {
  return {
    name: 'shipyard/local-path-provisioner',
    tag: IMAGE_VERSIONS.localPathProvisioner,
    files: programFiles('/local-path-provisioner', localPathProvisioner),
    config: { entrypoint: ['/local-path-provisioner'], cmd: ['start'], user: NONROOT },
  }
}

/** The specs of the stack's own images, to be given to `buildImage`; `programs` are paths on this machine. */
export function localImages(programs: LocalPrograms): ImageSpec[] {
  const { localPathProvisioner } = programs
  return [
    pauseImage(programs.hello),
    helloImage(programs.hello),
    corednsImage(programs.coredns),
    busyboxImage(programs.busybox),
    ...(localPathProvisioner === undefined ? [] : [provisionerImage(localPathProvisioner)]),
  ]
}
