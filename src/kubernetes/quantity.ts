/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3})|([KMGTPE]i)|([numkMGTPE]))?$/
const BINARY = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 } as const
const DECIMAL = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 } as const

interface Exact {
  digits: bigint
  /** Power of ten. */
  exponent: number
}

/** The API server writes quantities in its own way (`0.5` as `500m`): whether two texts mean the same amount. */
export function isSameQuantity(a: string | number, b: string | number): boolean {
  const left = parse(String(a))
  const right = parse(String(b))
  if (!left || !right) return false
  const exponent = Math.min(left.exponent, right.exponent)
  return scaled(left, exponent) === scaled(right, exponent)
}

function scaled({ digits, exponent }: Exact, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to)
}

function parse(text: string): Exact | undefined {
  const match = QUANTITY.exec(text)
  const [, sign, whole = '', fraction = '', power, binary, decimal] = match ?? []
  if (!match || whole + fraction === '') return undefined
  const magnitude = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n)
  const digits = magnitude * 1024n ** BigInt(BINARY[binary as keyof typeof BINARY] ?? 0)
  const exponent = power === undefined ? (DECIMAL[decimal as keyof typeof DECIMAL] ?? 0) : Number(power)
  return { digits, exponent: exponent - fraction.length }
}
