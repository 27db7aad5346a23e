/** Currencies whose smallest unit is the whole (https://docs.stripe.com/currencies#zero-decimal). */
const WHOLE = new Set([
  'bif',
  'clp',
  'djf',
  'gnf',
  'jpy',
  'kmf',
  'krw',
  'mga',
  'pyg',
  'rwf',
  'ugx',
  'vnd',
  'vuv',
  'xaf',
  'xof',
  'xpf',
])

/** An amount in the smallest unit, as people of the reader's country write it. */
export function formatMoney(amount: number, currency: string): string {
  const isWhole = WHOLE.has(currency)
  const digits = isWhole || amount % 100 === 0 ? 0 : 2
  const shape = {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const
  return new Intl.NumberFormat(undefined, shape).format(isWhole ? amount : amount / 100)
}
