/** Rules between the services of a deployment and the rest of it. */
import { idBody, type OrgId, type UserId } from '../ids.ts'
import { byteLength, characters } from '../text.ts'
import type { Rule } from './rule.ts'
import type { Service } from './service.ts'

/**
 * Characters of names and values of all variables together, and of all config files: more than this is data, and
 * belongs into a volume. Characters and not bytes, because the API server's estimate of what it costs to turn
 * texts into bytes exceeds its budget for a rule.
 */
export const MAX_ENV_CHARACTERS = 200_000
const MAX_CONFIG_CHARACTERS = 500_000
/** Bytes of the whole spec as JSON: what etcd stores in one object, less room for status and bookkeeping. */
export const MAX_SPEC_BYTES = 1_000_000

/** A character has three bytes at most (a pair of surrogates has four): most texts need not be encoded to know. */
const isLonger = (text: string, bytes: number): boolean => text.length * 3 > bytes && byteLength(text) > bytes

/** What the rules look at: services of a deployment or of a template. */
interface Ruled {
  services: {
    name: string
    dependsOn: readonly string[]
    env: { name: string; value: string }[]
    configFiles: { content: string }[]
  }[]
}

/** What concerns deployments alone. */
interface RuledSpec {
  owner: { userId: UserId; orgId: OrgId }
  services: Pick<Service, 'name' | 'ports' | 'secrets'>[]
  ingress?: { service: string; port: number } | undefined
  pullSecrets: { path: string }[]
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)

const envCharacters = (spec: Ruled): number =>
  sum(spec.services.flatMap(({ env }) => env.map(({ name, value }) => characters(name) + characters(value))))

const configCharacters = (spec: Ruled): number =>
  sum(spec.services.flatMap(({ configFiles }) => configFiles.map(({ content }) => characters(content))))

function unknownDependencies({ services }: Ruled): (string | number)[][] {
  const names = new Set<string>(services.map(({ name }) => name))
  return services.flatMap((service, s) =>
    service.dependsOn.flatMap((name, d) =>
      names.has(name) && name !== service.name ? [] : [['services', s, 'dependsOn', d]],
    ),
  )
}

/**
 * Services that wait for themselves. What waits for nothing is taken away again and again, then what nothing
 * waits for: circles remain.
 */
function circularDependencies({ services }: Ruled): (string | number)[][] {
  const edges = services.flatMap(({ name, dependsOn }) =>
    dependsOn.filter((other) => other !== name).map((other) => [name, other] as const),
  )
  const inCircles = new Set(withoutEnds(withoutEnds(edges, 1), 0).map(([name]) => name))
  return services.flatMap(({ name }, s) => (inCircles.has(name) ? [['services', s, 'dependsOn']] : []))
}

type Edge = readonly [name: string, other: string]

/** Edges less those at whose far end (1) or near end (0) nothing goes on, until none is left of these. */
function withoutEnds(edges: readonly Edge[], end: 0 | 1): readonly Edge[] {
  const goesOn = new Set<string>(edges.map((edge) => edge[end === 1 ? 0 : 1]))
  const left = edges.filter((edge) => goesOn.has(edge[end]))
  return left.length === edges.length ? edges : withoutEnds(left, end)
}

function ingressBreaches({ services, ingress }: RuledSpec): (string | number)[][] {
  if (!ingress) return []
  const service = services.find(({ name }) => name === ingress.service)
  if (!service) return [['ingress', 'service']]
  const isListening = service.ports.some(({ port, protocol }) => port === ingress.port && protocol === 'TCP')
  return isListening ? [] : [['ingress', 'port']]
}

function foreignSecrets({ owner, services, pullSecrets }: RuledSpec): (string | number)[][] {
  const own = [`users/${idBody(owner.userId)}/`, `orgs/${idBody(owner.orgId)}/`]
  const isForeign = ({ path }: { path: string }): boolean => !own.some((prefix) => path.startsWith(prefix))
  return [
    ...services.flatMap(({ secrets }, s) =>
      secrets.flatMap((secret, i) => (isForeign(secret) ? [['services', s, 'secrets', i, 'path']] : [])),
    ),
    ...pullSecrets.flatMap((secret, i) => (isForeign(secret) ? [['pullSecrets', i, 'path']] : [])),
  ]
}

/** CEL: the path of a secret lies below the owner or the organisation. Ids are `usr_` or `org_` and the body. */
const OWN_PATH =
  "(x.path.startsWith('users/' + self.owner.userId.substring(4) + '/')" +
  " || x.path.startsWith('orgs/' + self.owner.orgId.substring(4) + '/'))"

export const dependencyRules: readonly Rule<Ruled>[] = [
  {
    says: 'A service depends on one that is not in this deployment, or on itself: correct its dependsOn.',
    cel: 'self.services.all(s, s.dependsOn.all(d, d != s.name && self.services.exists(t, t.name == d)))',
    breaches: unknownDependencies,
  },
  {
    // CEL has no loops, so the API server takes a circle and the operator says what is wrong.
    says: 'Services depend on each other in a circle, so none can start first: remove one dependency.',
    breaches: circularDependencies,
  },
]

export const sizeRules: readonly Rule<Ruled>[] = [
  {
    says: `The variables of all services together have more than ${MAX_ENV_CHARACTERS} characters: put large values into config files or a volume.`,
    cel: `self.services.map(s, s.env.map(e, size(e.name) + size(e.value)).sum()).sum() <= ${MAX_ENV_CHARACTERS}`,
    breaches: (spec) => (envCharacters(spec) > MAX_ENV_CHARACTERS ? [['services']] : []),
  },
  {
    says: `The config files of all services together have more than ${MAX_CONFIG_CHARACTERS} characters: put large files into a volume or the image.`,
    cel: `self.services.map(s, s.configFiles.map(f, size(f.content)).sum()).sum() <= ${MAX_CONFIG_CHARACTERS}`,
    breaches: (spec) => (configCharacters(spec) > MAX_CONFIG_CHARACTERS ? [['services']] : []),
  },
]

export const specRules: readonly Rule<Ruled & RuledSpec>[] = [
  ...dependencyRules,
  {
    says: 'The ingress names a service or a TCP port that this deployment does not have: correct it, or add the port to the service.',
    cel: "!has(self.ingress) || self.services.exists(s, s.name == self.ingress.service && s.ports.exists(p, p.port == self.ingress.port && p.protocol == 'TCP'))",
    breaches: ingressBreaches,
  },
  ...sizeRules,
  {
    says: 'A secret belongs to another user or organisation: use paths of the owner or of the organisation.',
    cel: `self.services.all(s, s.secrets.all(x, ${OWN_PATH})) && self.pullSecrets.all(x, ${OWN_PATH})`,
    breaches: foreignSecrets,
  },
  {
    says: `The whole deployment has more than ${MAX_SPEC_BYTES / 1000} kB: shorten commands, variables and config files.`,
    breaches: (spec) => (isLonger(JSON.stringify(spec), MAX_SPEC_BYTES) ? [[]] : []),
  },
]
