import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * Addresses that lead nowhere in the internet: private, shared, link-local (the metadata services of clouds),
 * documentation, multicast and reserved ranges, and those that hold another address in them. And 168.63.129.16, where
 * Azure's machines find their host.
 * https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const special: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
]

const specialList = new BlockList()
for (const [network, prefix] of special) specialList.addSubnet(network, prefix, familyOf(network))

/** All that is given out of IPv6 lies here: what is outside is local, mapped or reserved. */
const globalV6 = new BlockList()
globalV6.addSubnet('2000::', 3, 'ipv6')

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/** Whether an IP address belongs to the public internet. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 0 || address.includes('%')) return false
  if (version === 6 && !globalV6.check(address, 'ipv6')) return false
  return !specialList.check(address, familyOf(address))
}

/** A name or address that the server does not talk to. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError'
  /** undici passes on the errors of a lookup by their code. */
  readonly code = 'EADDRREFUSED'
}

type SystemLookup = (
  hostname: string,
  options: { all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/**
 * A look-up for sockets that refuses a name as soon as one of its addresses is not public. The socket connects to
 * the very addresses that were checked, so a name that answers differently the next time gains nothing.
 */
export function publicLookup(
  lookup: SystemLookup = systemLookup,
  isAllowed: typeof isPublicAddress = isPublicAddress,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const wanted = addresses.filter(({ family }) => !options.family || family === Number(options.family))
      const [first] = wanted
      if (!first || !addresses.every(({ address }) => isAllowed(address))) {
        return callback(new AddressRefusedError(`${hostname} has an address that is not public`), [])
      }
      return options.all ? callback(null, wanted) : callback(null, first.address, first.family)
    })
  }
}

/** Sockets do not look up what is an address already. @throws {AddressRefusedError} */
export function refuseLiteral(url: URL, isAllowed: typeof isPublicAddress = isPublicAddress): void {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isAllowed(host)) throw new AddressRefusedError(`${host} is not public`)
}
