/**
 * Short names for contents, in lower-case base32. For telling two versions of one thing apart, never for anything
 * that somebody gains by forging: 64 bits, not cryptographic (rooms that decide have no Node to ask).
 */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** Six characters come of each lane. */
const OF_A_LANE = 6

/** @param length characters, at most 12; each has five bits */
export function shortHash(text: string, length: number): string {
  const lanes = [lane(text, 0x811c9dc5), lane(text, 0x2f6b9a31)]
  let name = ''
  for (let at = 0; at < length; at++) {
    const bits = lanes[Math.floor(at / OF_A_LANE)] ?? 0
    name += ALPHABET[(bits >>> ((at % OF_A_LANE) * 5)) & 31] ?? ''
  }
  return name
}

/** FNV-1a over UTF-16 units, then the finisher of MurmurHash3, which spreads each bit over all others. */
function lane(text: string, seed: number): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
