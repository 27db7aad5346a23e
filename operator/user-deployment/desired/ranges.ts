/** Arithmetic of address ranges, as much as network policies need of it. */

interface Range {
  family: 4 | 6
  /** The first address. */
  first: bigint
  /** Number of addresses. */
  size: bigint
}

/**
 * What is never the internet: https://www.iana.org/assignments/iana-ipv4-special-registry, -ipv6-special-registry.
 * Nodes, API server, databases and the metadata of cloud machines live here. Azure's are partly at a public address,
 * which leads to the machine's host: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
export const PRIVATE_RANGES: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
]

/**
 * IPv4 addresses in the clothes of IPv6: on the wire they are IPv4, which the other ranges cover, and the API server
 * takes the range for IPv4 and refuses it as an exception.
 */
const MAPPED_RANGE = '::ffff:0:0/96'

const PRIVATE = PRIVATE_RANGES.map((cidr) => ({ cidr, range: parseRange(cidr) }))
const MAPPED = parseRange(MAPPED_RANGE)

/** Whether every address of `inner` is in `outer`. Texts that are no ranges contain nothing. */
export function contains(outer: string, inner: string): boolean {
  return covers(parseRange(outer), parseRange(inner))
}

function covers(a: Range | undefined, b: Range | undefined): boolean {
  if (!a || !b || a.family !== b.family) return false
  return a.first <= b.first && b.first + b.size <= a.first + a.size
}

/** A range with what has to be left out of it. */
export interface Reach {
  cidr: string
  except: string[]
}

/**
 * What may be granted of a range that somebody asks for: private addresses only where the installation allows them.
 *
 * @returns undefined when nothing of it may be
 */
export function reachOf(cidr: string, allowedPrivate: readonly string[] = []): Reach | undefined {
  if (allowedPrivate.some((allowed) => contains(allowed, cidr))) return { cidr, except: [] }
  const asked = parseRange(cidr)
  if (covers(MAPPED, asked) || PRIVATE.some(({ range }) => covers(range, asked))) return undefined
  return { cidr, except: PRIVATE.filter(({ range }) => covers(asked, range)).map((each) => each.cidr) }
}

function parseRange(cidr: string): Range | undefined {
  const [address = '', length = ''] = cidr.split('/')
  const parsed = address.includes(':') ? ipv6(address) : ipv4(address)
  const bits = address.includes(':') ? 128 : 32
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  if (parsed === undefined || !(prefix <= bits)) return undefined
  const size = 1n << BigInt(bits - prefix)
  return { family: bits === 32 ? 4 : 6, first: parsed - (parsed % size), size }
}

function ipv4(address: string): bigint | undefined {
  const parts = address.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

function ipv6(address: string): bigint | undefined {
  const [head = '', tail, ...more] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = 8 - left.length - right.length
  if (more.length > 0 || missing < 0 || (tail === undefined && missing !== 0)) return undefined
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n)
}
