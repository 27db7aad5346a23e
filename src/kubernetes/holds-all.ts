/**
 * Whether there is anything to apply. An apply that changes nothing costs the API server as much as one that does, so
 * the live object is looked at first. The answer has to be "no" whenever an apply would change one of our fields; and
 * it has to be "yes" after an apply, however the API server wrote things down, or the same write would go out for ever.
 */
import { isSameQuantity } from './quantity.ts'
import type { KubeObject } from './object.ts'

/**
 * Lists whose members the API server merges by a key, by the field that they are in: others may have added members of
 * their own.
 */
const KEYED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  containers: { spec: ['name'] },
  env: { containers: ['name'], initContainers: ['name'] },
  imagePullSecrets: { spec: ['name'] },
  initContainers: { spec: ['name'] },
  ownerReferences: { metadata: ['uid'] },
  ports: {
    containers: ['containerPort', 'protocol'],
    initContainers: ['containerPort', 'protocol'],
  },
  topologySpreadConstraints: { spec: ['topologyKey', 'whenUnsatisfiable'] },
  volumeMounts: { containers: ['mountPath'], initContainers: ['mountPath'] },
  volumes: { spec: ['name'] },
}
const KEYED_IN_SERVICE: typeof KEYED = { ports: { spec: ['port', 'protocol'] } }
/** Lists of plain values that are merged. All lists that are in no table here are replaced as a whole. */
const isSet = ({ name, outer }: Place): boolean => name === 'finalizers' && outer?.name === 'metadata'
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
  /** The field; members of a list are in the place of the list. At the top there is none. */
  name: string
  /** The place that it is in; undefined at the top. */
  outer: Place | undefined
}

/**
 * True when every field of `desired` stands in `live` with the same meaning. Fields that only `live` has are not
 * looked at: they are the API server's defaults or belong to others. `undefined` and `null` ask for nothing.
 */
export function holdsAll(live: KubeObject | undefined, desired: KubeObject): boolean {
  return live !== undefined && holds(live, desired, { kind: desired.kind, name: '', outer: undefined })
}

function holds(live: unknown, desired: unknown, place: Place): boolean {
  if (desired === undefined || desired === null) return true
  if (Array.isArray(desired)) return holdsList(live, desired, place)
  if (typeof desired === 'object') return holdsFields(live, desired, place)
  return live === desired || isDroppedEmpty(live, desired, place) || isQuantity(live, desired, place)
}

function holdsFields(live: unknown, desired: object, place: Place): boolean {
  if (!isAbsent(live) && (typeof live !== 'object' || Array.isArray(live))) return false
  let isEmpty = true
  // No pairs are made of the fields: this is most of what a start beside thousands of objects does.
  for (const name in desired) {
    const wanted = (desired as Record<string, unknown>)[name]
    if (isAbsent(wanted)) continue
    isEmpty = false
    // Most are, and no place is worked out for them.
    if (isSameAtAGlance(live, name, wanted)) continue
    if (!holds(fieldOf(live, name), wanted, { kind: place.kind, name, outer: place })) return false
  }
  return !isEmpty || !isAbsent(live) || MAPS.has(place.name)
}

/** What every object inherits is never what somebody wants: that is JSON. */
const isSameAtAGlance = (object: object | undefined | null, name: string, wanted: unknown): boolean =>
  !isAbsent(object) && (object as Record<string, unknown>)[name] === wanted

const fieldOf = (object: object | undefined | null, name: string): unknown =>
  !isAbsent(object) && Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined

function holdsList(live: unknown, desired: readonly unknown[], place: Place): boolean {
  const members = isAbsent(live) ? [] : live
  if (!Array.isArray(members)) return false
  if (isSet(place)) return desired.every((value) => members.includes(value))
  const keys = keysOf(place)
  if (keys)
    return desired.every((member, at) => holds(findByKeys(members, member, { keys, at }), member, place))
  return members.length === desired.length && desired.every((member, at) => holds(members[at], member, place))
}

const keysOf = ({ kind, name, outer }: Place): readonly string[] | undefined =>
  KEYED[name]?.[outer?.name ?? ''] ??
  (kind === 'Service' ? KEYED_IN_SERVICE[name]?.[outer?.name ?? ''] : undefined)

/** @param at where it is, unless others have changed their order */
function findByKeys(
  members: readonly unknown[],
  wanted: unknown,
  { keys, at }: { keys: readonly string[]; at: number },
): unknown {
  const isIt = (member: unknown): boolean =>
    keys.every((key) => keyValue(member, key) === keyValue(wanted, key))
  return at < members.length && isIt(members[at]) ? members[at] : members.find(isIt)
}

const keyValue = (member: unknown, key: string): unknown =>
  (member as Record<string, unknown> | null)?.[key] ?? KEY_DEFAULTS[key]

const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null

/** An environment variable with an empty value comes back without a value. */
function isDroppedEmpty(live: unknown, desired: unknown, { name }: Place): boolean {
  return desired === '' && isAbsent(live) && name === 'value'
}

function isQuantity(live: unknown, desired: unknown, { name, outer }: Place): boolean {
  if (!QUANTITIES.has(name) && !QUANTITIES.has(outer?.name ?? '')) return false
  const isAmount = (value: unknown): value is string | number =>
    typeof value === 'string' || typeof value === 'number'
  return isAmount(live) && isAmount(desired) && isSameQuantity(live, desired)
}
