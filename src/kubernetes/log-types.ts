import type { Clock, Random } from './clock.ts'

export interface LogTarget {
  namespace: string
  pod: string
  container: string
}

export interface LogOptions {
  /** Go on with lines as they are written. Otherwise what is there is read, once. */
  follow?: boolean
  /** RFC 3339. Lines before it, within its second, may come too: the API knows whole seconds only. */
  sinceTime?: string
  /** How many old lines come first; 0 is none. */
  tailLines?: number
  /** The log of the container's run before this one. */
  previous?: boolean
  /** Ends after about so many bytes. */
  limitBytes?: number
  signal?: AbortSignal
  clock?: Clock
  random?: Random
}
