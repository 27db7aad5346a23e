/** What this repository asks of docker-compose.yml beyond the Compose specification. Pure. */

interface Mount {
  source: string
  target: string
  readOnly: boolean
}

interface LongMount {
  source?: string
  target?: string
  read_only?: boolean
}

/** As the file says it, after the specification's schema found it sound. */
export interface ComposeService {
  image?: string
  restart?: string
  ports?: (string | number | Record<string, unknown>)[]
  volumes?: (string | LongMount)[]
  healthcheck?: { test?: string | string[]; disable?: boolean }
  depends_on?: string[] | Record<string, { condition?: string }>
  mem_limit?: string | number
  privileged?: boolean
  network_mode?: string
}

export interface ComposeFile {
  services?: Record<string, ComposeService>
  volumes?: Record<string, unknown>
}

interface Finding {
  file: ComposeFile
  name: string
  service: ComposeService
}

type Rule = (finding: Finding) => string[]

/** A whole version: two numbers for PostgreSQL, whose releases have no third, and three for everything else. */
const EXACT_TAG = /^v?\d+\.\d+\.\d+(?:[-_.][\w.-]+)?$/
const EXACT_POSTGRES_TAG = /^\d+\.\d+(?:-[\w.-]+)?$/

/** A container in a container's kubelet needs it; nothing else does. */
const MAY_BE_PRIVILEGED = new Set(['k3s'])

/** The only folder of the host that containers see, and the only part of it that they may write to. */
const BIND_FOLDER = './deploy/docker/'
const WRITABLE_BIND = './deploy/docker/out'
/** What the cluster of the stack is given of the product's own. */
const DEFINITIONS_BIND = './operator/manifests'

function isOneShot(service: ComposeService): boolean {
  return service.restart === 'no'
}

const pinnedImage: Rule = ({ service }) => {
  const image = service.image ?? ''
  const tag = image.slice(image.lastIndexOf('/') + 1).split(':')[1] ?? ''
  const isExact = (/(^|\/)postgres:/.test(image) && EXACT_POSTGRES_TAG.test(tag)) || EXACT_TAG.test(tag)
  return isExact ? [] : [`image "${image}" must be pinned by a whole version, such as redis:8.8.0-alpine`]
}

const loopbackPorts: Rule = ({ service }) =>
  (service.ports ?? [])
    .filter((port) =>
      typeof port === 'object'
        ? port['host_ip'] !== '127.0.0.1'
        : !/^127\.0\.0\.1:\d+:\d+(\/(tcp|udp))?$/.test(String(port)),
    )
    .map((port) => `port ${JSON.stringify(port)} must be published on 127.0.0.1, as "127.0.0.1:15432:5432"`)

const saysHowItEnds: Rule = ({ service }) =>
  isOneShot(service) || service.restart === 'unless-stopped'
    ? []
    : ['restart must be "unless-stopped", or "no" for a service that ends by itself']

const watchedHealth: Rule = ({ service }) => {
  const { healthcheck } = service
  const test = [healthcheck?.test ?? []].flat()
  const isWatched = test.length > 0 && test[0] !== 'NONE' && healthcheck?.disable !== true
  return isOneShot(service) || isWatched ? [] : ['a service that keeps running needs a healthcheck']
}

const limitedMemory: Rule = ({ service }) =>
  service.mem_limit === undefined ? ['mem_limit must say how much memory it may take'] : []

const leastPrivilege: Rule = ({ name, service }) => [
  ...(service.privileged && !MAY_BE_PRIVILEGED.has(name) ? ['it must not be privileged'] : []),
  ...(service.network_mode === 'host' ? ['it must not share the network of the host'] : []),
]

function parseMount(volume: string | LongMount): Mount {
  if (typeof volume === 'string') {
    const [source = '', target = '', mode = ''] = volume.split(':')
    return target === ''
      ? { source: '', target: source, readOnly: false }
      : { source, target, readOnly: mode.split(',').includes('ro') }
  }
  const { source = '', target = '', read_only: readOnly = false } = volume
  return { source, target, readOnly }
}

function mountProblem(mount: Mount, file: ComposeFile): string | undefined {
  const { source, target, readOnly } = mount
  if (source === '') return `volume ${target} has no name, so its data would be lost track of`
  if (!/^[./~]/.test(source))
    return source in (file.volumes ?? {}) ? undefined : `volume "${source}" is not declared under volumes`
  if (source === WRITABLE_BIND) return undefined
  const isKnown = source === DEFINITIONS_BIND || source.startsWith(BIND_FOLDER)
  if (!isKnown || source.includes('..'))
    return `"${source}" of the host must not be mounted; only ${DEFINITIONS_BIND} and files below ${BIND_FOLDER} may`
  return readOnly ? undefined : `"${source}" of the host must be mounted read-only`
}

const namedVolumes: Rule = ({ file, service }) =>
  (service.volumes ?? []).flatMap((volume) => mountProblem(parseMount(volume), file) ?? [])

function dependencyProblem(file: ComposeFile, other: string, condition: string): string[] {
  const service = file.services?.[other]
  if (!service) return [`it depends on "${other}", which is not there`]
  const wanted = isOneShot(service) ? 'service_completed_successfully' : 'service_healthy'
  return condition === wanted ? [] : [`it must wait for "${other}" by ${wanted}, not ${condition}`]
}

const honestDependencies: Rule = ({ file, service }) => {
  const listed = service.depends_on ?? {}
  const pairs: [string, string][] = Array.isArray(listed)
    ? listed.map((other) => [other, 'service_started'])
    : Object.entries(listed).map(([other, { condition }]) => [other, condition ?? 'service_started'])
  return pairs.flatMap(([other, condition]) => dependencyProblem(file, other, condition))
}

const RULES: readonly Rule[] = [
  pinnedImage,
  loopbackPorts,
  saysHowItEnds,
  watchedHealth,
  limitedMemory,
  leastPrivilege,
  namedVolumes,
  honestDependencies,
]

/** A named volume that no service mounts is a typing error or a leftover. */
function unusedVolumes(file: ComposeFile): string[] {
  const services = Object.values(file.services ?? {})
  const used = new Set(services.flatMap(({ volumes }) => (volumes ?? []).map((v) => parseMount(v).source)))
  return Object.keys(file.volumes ?? {})
    .filter((name) => !used.has(name))
    .map((name) => `volume "${name}" is declared but no service mounts it`)
}

/** One sentence for each breach; none when all is well. */
export function ruleProblems(file: ComposeFile): string[] {
  const ofServices = Object.entries(file.services ?? {}).flatMap(([name, service]) =>
    RULES.flatMap((rule) => rule({ file, name, service })).map((problem) => `service ${name}: ${problem}`),
  )
  return [...ofServices, ...unusedVolumes(file)]
}
