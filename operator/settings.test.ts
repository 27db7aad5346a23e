import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FLAGS, parseSettings, SettingsError } from './settings.ts'

it('elects a leader, shows no metrics and keeps to this machine unless told otherwise', () => {
  expect(parseSettings([], {})).toEqual({
    metricsListen: null,
    probesListen: { host: '127.0.0.1', port: 8082 },
    electsLeader: true,
    leaderNamespace: 'default',
    kubeconfig: undefined,
    taskNamespacePrefix: 'agent-tasks',
    concurrency: 8,
    logLevel: 'info',
    render: {
      deploymentDomain: 'opsnorth.io',
      clusterSecretStore: '',
      clusterIssuer: '',
      ingressFrom: [{ namespaceLabels: { 'kubernetes.io/metadata.name': 'traefik' } }],
      privateEgress: [],
      publicAddress: { scheme: 'https' },
      reservedHosts: [],
    },
    reach: { awaitsIngressStatus: true, entryPoints: undefined },
  })
})

it.each([
  [['--leader-elect'], true],
  [['--leader-elect=true'], true],
  [['--leader-elect=false'], false],
  [['--leader-elect', '--log-level=debug'], true],
])('reads %j as Go does', (args, electsLeader) => {
  expect(parseSettings(args, {})).toMatchObject({ electsLeader })
})

it('switches listeners off by 0', () => {
  const settings = parseSettings(['--health-probe-bind-address=0', '--metrics-bind-address=0'], {})
  expect(settings).toMatchObject({ probesListen: null, metricsListen: null })
})

it('takes variables where no flag is given', () => {
  const env = {
    DEPLOYMENT_DOMAIN: 'apps.localhost',
    CLUSTER_SECRET_STORE: 'vault',
    TASK_NAMESPACE: 'tasks',
    INGRESS_FROM: '10.1.2.3/32, kubernetes.io/metadata.name=ingress',
    INGRESS_HTTP_PORT: '20080',
    BASE_URL: 'https://shipyard.example.com',
    RESERVED_HOSTS: '.example.org',
    KUBECONFIG: 'kubeconfig.yaml',
    NODE_ENV: 'production',
    LEADER_ELECT: 'false',
  }
  expect(parseSettings(['--task-namespace', 'agents', '--metrics-bind-address=:9090'], env)).toMatchObject({
    metricsListen: { host: '::', port: 9090 },
    probesListen: { host: '::', port: 8082 },
    electsLeader: true,
    kubeconfig: 'kubeconfig.yaml',
    taskNamespacePrefix: 'agents',
    render: {
      deploymentDomain: 'apps.localhost',
      clusterSecretStore: 'vault',
      ingressFrom: [
        { cidr: '10.1.2.3/32' },
        { namespaceLabels: { 'kubernetes.io/metadata.name': 'ingress' } },
      ],
      publicAddress: { scheme: 'http', port: 20_080 },
      reservedHosts: ['.example.org', 'shipyard.example.com'],
    },
  })
})

it('knows where apps are asked for', () => {
  const env = { INGRESS_PROBE: 'http://traefik', INGRESS_PROBE_TLS: 'https://traefik' }
  const { entryPoints } = parseSettings([], env).reach
  expect(String(entryPoints?.plain)).toBe('http://traefik/')
  expect(String(entryPoints?.tls)).toBe('https://traefik/')
})

describe('says in one sentence what is wrong', () => {
  it.each([
    [['--leader-elect=maybe'], {}, '--leader-elect must be true or false.'],
    [['--leader-elect', 'false'], {}, /Unexpected argument 'false'/],
    [['--unknown'], {}, /^Unknown option '--unknown'\. The flags are --metrics-bind-address/],
    [['--health-probe-bind-address=8082'], {}, /^--health-probe-bind-address must be an address such as/],
    [['--max-concurrent-reconciles=0'], {}, '--max-concurrent-reconciles must be a number from 1 to 99.'],
    [[], { TASK_NAMESPACE: 'Tasks' }, /^--task-namespace \(TASK_NAMESPACE\): The prefix of task namespaces/],
    [['--private-egress=10.0.0.0'], {}, /^--private-egress \(PRIVATE_EGRESS\) must be ranges such as/],
    [['--reserved-hosts=*'], {}, /^--reserved-hosts \(RESERVED_HOSTS\) must be host names such as/],
    [[], { BASE_URL: 'x' }, '--base-url (BASE_URL) must be an http:// or https:// address.'],
    [['--ingress-probe=https://apps.example.com'], {}, /^--ingress-probe \(INGRESS_PROBE\) must be an http:/],
    [
      ['--ingress-probe-tls=http://apps.example.com'],
      {},
      /^--ingress-probe-tls \(INGRESS_PROBE_TLS\) must be an https:/,
    ],
    [['--ingress-probe-tls=https://traefik'], {}, /needs --ingress-probe \(INGRESS_PROBE\) beside it\.$/],
    [[], { INGRESS_STATUS: 'maybe' }, '--ingress-status (INGRESS_STATUS) must be true or false.'],
    [['--ingress-from=everyone'], {}, /^--ingress-from \(INGRESS_FROM\) must be ranges such as/],
  ])('%j %j', (args, env, sentence) => {
    expect(() => parseSettings(args, env)).toThrow(SettingsError)
    expect(() => parseSettings(args, env)).toThrow(sentence)
  })
})

it('are explained on a page, flag by flag', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/configuration.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `--([a-z-]+)` *\| *(?:`([A-Z_]+)`)? *\|/gm)]
  expect(Object.fromEntries(rows.map(([, flag, variable]) => [flag, variable ?? null]))).toEqual(FLAGS)
})
