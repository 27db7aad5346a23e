/** From what was used to hours, gibibytes and money. Pure. */
import { mapRates, type Rates } from '../../contract/crd/consumption.ts'

/** In units of the currency (euros, not cents). */
export interface UsagePrices {
  /** Three small letters, as Stripe writes them. */
  readonly currency: string
  /** Of a core for an hour. */
  readonly cpuHour: number
  /** Of a GiB of memory for an hour. */
  readonly memoryHour: number
  /** Of a GiB of storage for a month. */
  readonly storageMonth: number
}

/** What prices by the month are reckoned with: 365 days of 24 hours, by 12. */
const HOURS_OF_MONTH = 730

/** Of amounts in thousandths of a core, MiB and MiB, each times seconds. */
export interface Hours {
  readonly cpuHours: number
  readonly memoryGibHours: number
  readonly storageGibHours: number
}

export const hoursOf = ({ cpu, memory, storage }: Rates): Hours => ({
  cpuHours: cpu / 1000 / 3600,
  memoryGibHours: memory / 1024 / 3600,
  storageGibHours: storage / 1024 / 3600,
})

/** In cents, not rounded; null where nothing has a price. */
export function costOf(rates: Rates, prices: UsagePrices | undefined): number | null {
  if (!prices) return null
  const { cpuHours, memoryGibHours, storageGibHours } = hoursOf(rates)
  const { cpuHour, memoryHour, storageMonth } = prices
  const storage = (storageGibHours / HOURS_OF_MONTH) * storageMonth
  return 100 * (cpuHours * cpuHour + memoryGibHours * memoryHour + storage)
}

export const sumRates = (all: readonly Rates[]): Rates =>
  mapRates((key) => all.reduce((sum, each) => sum + each[key], 0))
