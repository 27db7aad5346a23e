/**
 * The operator's flags and environment, parsed once. A flag wins over its variable. Names and defaults are those
 * of docs/configuration.md; the ports differ from the server's, so that both run on one machine.
 */
import { parseArgs } from 'node:util'
import { z } from 'zod'

import { parseListenAddress, type ListenAddress } from '../src/contract/listen-address.ts'
import { DEFAULT_TASK_NAMESPACE_PREFIX, Dns1123Label, TaskNamespacePrefix } from '../src/contract/names.ts'
import { renderSettingsOf, renderVariables, type RenderSettings } from '../src/contract/render-settings.ts'
import type { EntryPoints } from './user-deployment/route-probe.ts'

type Env = Readonly<Record<string, string | undefined>>

export interface OperatorSettings {
  /** `/metrics`; null is off. */
  readonly metricsListen: ListenAddress | null
  /** `/healthz` and `/readyz`; null is off. */
  readonly probesListen: ListenAddress | null
  readonly electsLeader: boolean
  /** Where the Lease lies. */
  readonly leaderNamespace: Dns1123Label
  /** Path of a kubeconfig; undefined: the account of the pod that the operator runs in. */
  readonly kubeconfig: string | undefined
  /** What the namespaces of agent tasks begin with. */
  readonly taskNamespacePrefix: TaskNamespacePrefix
  /** How many resources of a kind are reconciled at the same time. */
  readonly concurrency: number
  readonly logLevel: (typeof LOG_LEVELS)[number]
  readonly render: RenderSettings
  /** When a deployment counts as reached by people. */
  readonly reach: {
    /** The ingress controller writes its address on an Ingress that it has taken up. */
    readonly awaitsIngressStatus: boolean
    /** Where apps are asked for through the ingress controller; undefined: they are not. */
    readonly entryPoints: EntryPoints | undefined
  }
}

/** What is wrong with flags or environment: a sentence for each fault. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** Flag → the variable that stands in for it; null where there is none. docs/configuration.md explains each. */
export const FLAGS = {
  'metrics-bind-address': null,
  'health-probe-bind-address': null,
  'leader-elect': null,
  'leader-election-namespace': 'POD_NAMESPACE',
  'deployment-domain': 'DEPLOYMENT_DOMAIN',
  'cluster-secret-store': 'CLUSTER_SECRET_STORE',
  'cluster-issuer': 'CLUSTER_ISSUER',
  'ingress-from': 'INGRESS_FROM',
  'private-egress': 'PRIVATE_EGRESS',
  'base-url': 'BASE_URL',
  'reserved-hosts': 'RESERVED_HOSTS',
  'ingress-scheme': 'INGRESS_SCHEME',
  'ingress-http-port': 'INGRESS_HTTP_PORT',
  'ingress-https-port': 'INGRESS_HTTPS_PORT',
  'ingress-status': 'INGRESS_STATUS',
  'ingress-probe': 'INGRESS_PROBE',
  'ingress-probe-tls': 'INGRESS_PROBE_TLS',
  'task-namespace': 'TASK_NAMESPACE',
  'max-concurrent-reconciles': null,
  kubeconfig: 'KUBECONFIG',
  'log-level': 'LOG_LEVEL',
} as const satisfies Record<string, string | null>

type Flag = keyof typeof FLAGS

/** `0` is off. */
const address = z.string().transform((text, context): ListenAddress | null => {
  if (text === '0') return null
  const parsed = parseListenAddress(text)
  if (parsed) return parsed
  context.addIssue('must be an address such as 127.0.0.1:8082, :8082 for all interfaces, or 0 for none')
  return z.NEVER
})

const yesOrNo = z.stringbool({
  truthy: ['true', '1'],
  falsy: ['false', '0'],
  error: 'must be true or false',
})

const entryPoint = (scheme: 'http' | 'https') =>
  z.string().transform((text, context): URL => {
    const url = URL.parse(text)
    if (url?.protocol === `${scheme}:` && url.pathname === '/' && url.search === '') return url
    context.addIssue(
      `must be an ${scheme}:// address without a path, such as ${scheme}://traefik.traefik.svc`,
    )
    return z.NEVER
  })

const Values = z
  .object({
    METRICS_BIND_ADDRESS: address.optional(),
    HEALTH_PROBE_BIND_ADDRESS: address.optional(),
    LEADER_ELECT: yesOrNo.default(true),
    INGRESS_STATUS: yesOrNo.default(true),
    INGRESS_PROBE: entryPoint('http').optional(),
    INGRESS_PROBE_TLS: entryPoint('https').optional(),
    POD_NAMESPACE: Dns1123Label.default(Dns1123Label.parse('default')),
    TASK_NAMESPACE: TaskNamespacePrefix.default(DEFAULT_TASK_NAMESPACE_PREFIX),
    MAX_CONCURRENT_RECONCILES: z
      .string()
      .regex(/^[1-9]\d?$/, 'must be a number from 1 to 99')
      .transform(Number)
      .default(8),
    KUBECONFIG: z.string().optional(),
    LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
    ...renderVariables,
  })
  .refine(
    ({ INGRESS_PROBE, INGRESS_PROBE_TLS }) => INGRESS_PROBE !== undefined || INGRESS_PROBE_TLS === undefined,
    {
      path: ['INGRESS_PROBE_TLS'],
      error: 'needs --ingress-probe (INGRESS_PROBE) beside it',
    },
  )

/** The name under which a flag without a variable is kept. */
const keyOf = (flag: Flag): string => FLAGS[flag] ?? flag.toUpperCase().replaceAll('-', '_')

/**
 * @param args what follows the program's name
 * @throws {SettingsError} with a sentence for each fault
 */
export function parseSettings(args: readonly string[], env: Env): OperatorSettings {
  const flags = flagsOf(args)
  const given = (flag: Flag): string | undefined => {
    const variable = FLAGS[flag]
    const value = flags[flag] ?? (variable === null ? undefined : env[variable])
    return value === '' ? undefined : value
  }
  const names = Object.keys(FLAGS) as Flag[]
  const parsed = Values.safeParse(Object.fromEntries(names.map((flag) => [keyOf(flag), given(flag)])))
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map(sentenceOf))
  const values = parsed.data
  const { INGRESS_PROBE: plain, INGRESS_PROBE_TLS: tls } = values
  return {
    metricsListen: values.METRICS_BIND_ADDRESS ?? null,
    probesListen: probesOf(values.HEALTH_PROBE_BIND_ADDRESS, env),
    electsLeader: values.LEADER_ELECT,
    leaderNamespace: values.POD_NAMESPACE,
    kubeconfig: values.KUBECONFIG,
    taskNamespacePrefix: values.TASK_NAMESPACE,
    concurrency: values.MAX_CONCURRENT_RECONCILES,
    logLevel: values.LOG_LEVEL,
    render: renderSettingsOf(values),
    reach: { awaitsIngressStatus: values.INGRESS_STATUS, entryPoints: plain && { plain, tls } },
  }
}

/** In a pod the kubelet asks from outside; on a machine of one's own nobody else should. */
function probesOf(given: ListenAddress | null | undefined, env: Env): ListenAddress | null {
  if (given !== undefined) return given
  return { host: env['NODE_ENV'] === 'production' ? '::' : '127.0.0.1', port: 8082 }
}

/** The settings of this process. @throws {SettingsError} */
export const loadSettings = (): OperatorSettings => parseSettings(process.argv.slice(2), process.env)

/** Go's flags: `--leader-elect` alone is true, `--leader-elect=false` is not; `--flag value` and `--flag=value`. */
function flagsOf(args: readonly string[]): Partial<Record<Flag, string>> {
  const options = Object.fromEntries(Object.keys(FLAGS).map((flag) => [flag, { type: 'string' as const }]))
  const normal = args.map((arg) => (arg === '--leader-elect' ? '--leader-elect=true' : arg))
  try {
    return parseArgs({ args: normal, options, allowPositionals: false }).values
  } catch (error) {
    throw new SettingsError([firstSentence(error)])
  }
}

function firstSentence(error: unknown): string {
  const [said = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
  return `${said.replace(/\.$/, '')}. The flags are --${Object.keys(FLAGS).join(', --')}.`
}

/** Schemas of the contract say whole sentences, those of this file what the value must be. */
function sentenceOf({ path, message }: z.core.$ZodIssue): string {
  const key = path.join('.')
  const flag = (Object.keys(FLAGS) as Flag[]).find((each) => keyOf(each) === key)
  const variable = flag === undefined ? null : FLAGS[flag]
  const name = `--${flag}${variable === null ? '' : ` (${variable})`}`
  return /^[A-Z]/.test(message) ? `${name}: ${message}` : `${name} ${message}.`
}
