/**
 * The only way to a path of the API server. Every segment is held against the grammar of what it names and
 * encoded besides, so a name that came from outside can name another object at most, never another namespace,
 * kind or subresource. (`@kubernetes/client-node` joins some of them unencoded, and lets `..` climb.)
 */

declare const checked: unique symbol

/** A path that was made by {@link resourcePath} or {@link rootPath}; the transport takes nothing else. */
export type KubePath = string & { readonly [checked]: true }

/** Where a kind is served. `resources.ts` has ours. */
export interface ResourceLocation {
  /** Empty for the core group. */
  group: string
  version: string
  /** Lower case, plural: `deployments`. */
  plural: string
}

export const SUBRESOURCES = ['status', 'scale', 'log', 'exec', 'eviction', 'token'] as const
export type Subresource = (typeof SUBRESOURCES)[number]

interface PathParts extends ResourceLocation {
  namespace?: string
  name?: string
  subresource?: Subresource
}

/** A name cannot stand in a path. `value` is untrusted: it is quoted and cut in the message. */
export class UnsafePathError extends Error {
  override readonly name = 'UnsafePathError'

  constructor(what: string, value: unknown) {
    super(`${JSON.stringify(String(value).slice(0, 80))} cannot be a ${what} of the Kubernetes API.`)
  }
}

/** RFC 1123: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const VERSION = /^v[1-9][0-9]{0,2}((alpha|beta)[1-9][0-9]{0,2})?$/
const MAX_SUBDOMAIN = 253

function segment(what: string, value: unknown, isValid: (text: string) => boolean): string {
  if (typeof value !== 'string' || !isValid(value)) throw new UnsafePathError(what, value)
  return encodeURIComponent(value)
}

const isLabel = (text: string): boolean => LABEL.test(text)
const isSubdomain = (text: string): boolean => text.length <= MAX_SUBDOMAIN && SUBDOMAIN.test(text)

/**
 * The path of a collection, an object or a subresource.
 *
 * @throws {UnsafePathError} a part is empty, too long, or not in the grammar of its kind
 */
export function resourcePath(parts: PathParts): KubePath {
  const { group, namespace, name, subresource } = parts
  const version = segment('version', parts.version, (text) => VERSION.test(text))
  const root = group === '' ? ['api', version] : ['apis', segment('group', group, isSubdomain), version]
  if (subresource !== undefined && name === undefined) throw new UnsafePathError('name', name)
  const segments = [
    ...root,
    ...(namespace === undefined ? [] : ['namespaces', segment('namespace', namespace, isLabel)]),
    segment('plural', parts.plural, isLabel),
    ...(name === undefined ? [] : [segment('name', name, isSubdomain)]),
    ...(subresource === undefined ? [] : [segment('subresource', subresource, isSubresource)]),
  ]
  return `/${segments.join('/')}` as KubePath
}

const isSubresource = (text: string): boolean => SUBRESOURCES.some((known) => known === text)

/** The few paths that name no resource. */
export function rootPath(path: '/version' | '/readyz' | '/livez' | '/openapi/v3'): KubePath {
  return path as KubePath
}

/** A query of the API server; `undefined` is left out, `0` and `false` are not; a list is a name said again and again. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** `?a=1&b=2`, encoded; empty where nothing is asked. */
export function queryString(query: Query = {}): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [value].flat().map((each): [string, string] => [key, String(each)]),
  )
  if (given.length === 0) return ''
  return `?${new URLSearchParams(given).toString()}`
}
