/** How numbers, times and addresses are written for people. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const instant = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** How long ago, short enough for a column. A clock that runs ahead of the server's makes no negative age. */
export function formatAge(iso: string, now: number): string {
  const age = Math.max(0, now - Date.parse(iso))
  if (age < MINUTE) return 'just now'
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`
  if (age < 30 * DAY) return `${Math.floor(age / DAY)} d ago`
  return date.format(Date.parse(iso))
}

/** How long until then, roughly: what one waits for is never exact. */
export function formatUntil(iso: string, now: number): string {
  const left = Date.parse(iso) - now
  if (left <= 0) return 'any moment now'
  if (left < MINUTE) return 'in less than a minute'
  if (left < HOUR) return `in ${Math.ceil(left / MINUTE)} min`
  if (left < 2 * DAY) return `in ${Math.ceil(left / HOUR)} h`
  return `in ${Math.ceil(left / DAY)} d`
}

/** The instant in full, in the words of the reader's country. */
export const formatInstant = (iso: string): string => instant.format(Date.parse(iso))

/** The day alone: of money the hour says nothing. */
export const formatDay = (iso: string): string => date.format(Date.parse(iso))

/** `2Gi`, as clusters write it, as people do: `2 GiB`. */
export const formatBytes = (quantity: string): string => quantity.replace(/^(\d+)([KMGTP]i)$/, '$1 $2B')

/** `1 service`, `2 services`. */
export const count = (number: number, noun: string): string =>
  `${number.toLocaleString()} ${noun}${number === 1 ? '' : 's'}`

/** An address as people say it: without its scheme and without a slash at the end. */
export const withoutScheme = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '')

/** Only what a browser may safely follow: an address of the cluster's status is text of others. */
export const isWebAddress = (url: string): boolean => /^https?:\/\//.test(url) && URL.canParse(url)
