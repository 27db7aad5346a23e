/**
 * Quantities as Kubernetes writes them: `250m`, `1.5`, `128Mi`, `2G`. We take a part of that grammar: no sign,
 * no exponent, no unit smaller than `m`, which nobody asks for and which only hide mistakes.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
import type { z } from 'zod'

import { branded, type Branded } from './branded.ts'

/** Thousandths of a unit (of a core, of a byte) in one of each suffix. */
const SUFFIXES = new Map<string, bigint>([
  ['m', 1n],
  ['', 1000n],
  ...(['k', 'M', 'G', 'T', 'P', 'E'] as const).map((suffix, i) => [suffix, 1000n ** BigInt(i + 2)] as const),
  ...(['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const).map(
    (suffix, i) => [suffix, 1000n * 1024n ** BigInt(i + 1)] as const,
  ),
])

const QUANTITY = /^([0-9]{1,30})(?:\.([0-9]{1,9}))?(m|[kMGTPE]|[KMGTPE]i)?$/

/**
 * The exact number of thousandths, rounded up as Kubernetes rounds; undefined when it is no quantity of ours.
 */
export function milliOf(quantity: string): bigint | undefined {
  const [, whole, fraction = '', suffix = ''] = QUANTITY.exec(quantity) ?? []
  const unit = SUFFIXES.get(suffix)
  if (whole === undefined || unit === undefined) return undefined
  if (fraction === '') return BigInt(whole) * unit
  const scale = 10n ** BigInt(fraction.length)
  return (BigInt(whole + fraction) * unit + scale - 1n) / scale
}

/** Below 0, 0 or above 0, as `sort` wants it. Texts that are no quantities are equal to everything. */
export function compareQuantities(a: string, b: string): number {
  const [left, right] = [milliOf(a), milliOf(b)]
  if (left === undefined || right === undefined || left === right) return 0
  return left < right ? -1 : 1
}

/** The sum as a plain quantity in thousandths (`1500m`) or whole units (`2`). */
export function sumQuantities(quantities: readonly string[]): string {
  const milli = quantities.reduce((sum, quantity) => sum + (milliOf(quantity) ?? 0n), 0n)
  return milli % 1000n === 0n ? String(milli / 1000n) : `${milli}m`
}

/** From 1m to 999 cores. */
export type CpuQuantity = Branded<'cpu_quantity'>
export const CpuQuantity: z.ZodType<CpuQuantity, string> = branded({
  pattern:
    /^(?:[1-9][0-9]{0,5}m|[1-9][0-9]{0,2}(?:\.[0-9]{1,3})?|0\.(?:[1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9]))$/,
  max: 7,
  says: 'CPU is written in thousandths of a core, such as 250m, or in cores, such as 0.5 or 2, up to 999 cores.',
})

const BYTES = /^[1-9][0-9]{0,2}(?:[0-9]{0,12}|[0-9]?(?:\.[0-9]{1,3})?(?:[KMGT]i|[kMGT]))$/

/** From 1 byte to 9999 Ti. */
export type MemoryQuantity = Branded<'memory_quantity'>
export const MemoryQuantity: z.ZodType<MemoryQuantity, string> = branded({
  pattern: BYTES,
  max: 15,
  says: 'Memory is written like 128Mi or 2Gi: a number up to 9999 and one of Ki, Mi, Gi, Ti, k, M, G, T.',
})

/** As memory: the size of a volume. */
export type StorageQuantity = Branded<'storage_quantity'>
export const StorageQuantity: z.ZodType<StorageQuantity, string> = branded({
  pattern: BYTES,
  max: 15,
  says: 'The size of a volume is written like 512Mi or 10Gi: a number up to 9999 and one of Ki, Mi, Gi, Ti, k, M, G, T.',
})
