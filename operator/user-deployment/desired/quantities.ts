import { milliOf } from '../../../src/contract/quantity.ts'

/** The API server has whole bytes only and rounds up; done here, what comes back is what was sent. */
export function wholeBytes(quantity: string): string {
  const milli = milliOf(quantity)
  if (milli === undefined || milli % 1000n === 0n) return quantity
  return String((milli + 999n) / 1000n)
}
