/**
 * Whether there is anything to apply. An apply that changes nothing costs the API server as much as one that does, so
 * the live object is looked at first. The answer has to be "no" whenever an apply would change one of our fields; and
 * it has to be "yes" after an apply, however the API server wrote things down, or the same write would go out for ever.
 */
import { isSameQuantity } from './quantity.ts'
import type { KubeObject } from './object.ts'

/** Lists whose members the API server merges by a key: others may have added members of their own. */
const KEYED: Readonly<Record<string, readonly string[]>> = {
  'metadata.ownerReferences': ['uid'],
  'spec.containers': ['name'],
  'spec.containers.env': ['name'],
  'spec.containers.ports': ['containerPort', 'protocol'],
  'spec.containers.volumeMounts': ['mountPath'],
  'spec.imagePullSecrets': ['name'],
  'spec.initContainers': ['name'],
  'spec.initContainers.env': ['name'],
  'spec.initContainers.ports': ['containerPort', 'protocol'],
  'spec.initContainers.volumeMounts': ['mountPath'],
  'spec.topologySpreadConstraints': ['topologyKey', 'whenUnsatisfiable'],
  'spec.volumes': ['name'],
}
const KEYED_IN_SERVICE: typeof KEYED = { 'spec.ports': ['port', 'protocol'] }
/** Lists of plain values that are merged. All lists that are in no table here are replaced as a whole. */
const SETS = new Set(['metadata.finalizers'])
/** The API server fills these in where a key is left out. */
const KEY_DEFAULTS: Readonly<Record<string, unknown>> = { protocol: 'TCP' }

/** Maps of names to values, which the API server drops when they are empty. An empty `emptyDir` means something. */
const MAPS = new Set([
  'annotations',
  'binaryData',
  'data',
  'hard',
  'labels',
  'limits',
  'matchLabels',
  'nodeSelector',
  'requests',
  'selector',
])

/** Fields, or maps of names, that hold quantities. */
const QUANTITIES = new Set([
  'averageValue',
  'default',
  'defaultRequest',
  'hard',
  'limits',
  'max',
  'min',
  'requests',
  'sizeLimit',
])

interface Place {
  kind: string
  /** Names of fields from the top, without the places in lists. */
  path: readonly string[]
}

/**
 * True when every field of `desired` stands in `live` with the same meaning. Fields that only `live` has are not
 * looked at: they are the API server's defaults or belong to others. `undefined` and `null` ask for nothing.
 */
export function holdsAll(live: KubeObject | undefined, desired: KubeObject): boolean {
  return live !== undefined && holds(live, desired, { kind: desired.kind, path: [] })
}

function holds(live: unknown, desired: unknown, place: Place): boolean {
  if (desired === undefined || desired === null) return true
  if (Array.isArray(desired)) return holdsList(live, desired, place)
  if (typeof desired === 'object') return holdsFields(live, desired, place)
  return live === desired || isDroppedEmpty(live, desired, place) || isQuantity(live, desired, place)
}

function holdsFields(live: unknown, desired: object, place: Place): boolean {
  const fields = Object.entries(desired).filter(([, value]) => value !== undefined && value !== null)
  if (isAbsent(live) && fields.length === 0) return MAPS.has(place.path.at(-1) ?? '')
  if (!isAbsent(live) && (typeof live !== 'object' || Array.isArray(live))) return false
  const present = (live ?? {}) as Record<string, unknown>
  return fields.every(([name, value]) =>
    holds(Object.hasOwn(present, name) ? present[name] : undefined, value, {
      kind: place.kind,
      path: [...place.path, name],
    }),
  )
}

function holdsList(live: unknown, desired: readonly unknown[], place: Place): boolean {
  const members = isAbsent(live) ? [] : live
  if (!Array.isArray(members)) return false
  const last2 = place.path.slice(-2).join('.')
  if (SETS.has(last2)) return desired.every((value) => members.includes(value))
  const keys = keysOf(place)
  if (keys) return desired.every((member) => holds(findByKeys(members, member, keys), member, place))
  return members.length === desired.length && desired.every((member, at) => holds(members[at], member, place))
}

function keysOf({ kind, path }: Place): readonly string[] | undefined {
  const last2 = path.slice(-2).join('.')
  const last3 = path.slice(-3).join('.')
  return KEYED[last3] ?? KEYED[last2] ?? (kind === 'Service' ? KEYED_IN_SERVICE[last2] : undefined)
}

function findByKeys(members: readonly unknown[], wanted: unknown, keys: readonly string[]): unknown {
  const valueOf = (member: unknown, key: string): unknown =>
    (member as Record<string, unknown> | null)?.[key] ?? KEY_DEFAULTS[key]
  return members.find((member) => keys.every((key) => valueOf(member, key) === valueOf(wanted, key)))
}

const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null

/** An environment variable with an empty value comes back without a value. */
function isDroppedEmpty(live: unknown, desired: unknown, { path }: Place): boolean {
  return desired === '' && isAbsent(live) && path.at(-1) === 'value'
}

function isQuantity(live: unknown, desired: unknown, { path }: Place): boolean {
  if (!path.slice(-2).some((name) => QUANTITIES.has(name))) return false
  const isAmount = (value: unknown): value is string | number =>
    typeof value === 'string' || typeof value === 'number'
  return isAmount(live) && isAmount(desired) && isSameQuantity(live, desired)
}
