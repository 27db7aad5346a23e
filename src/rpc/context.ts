/** What every procedure finds. Made once a request; who calls is looked up once for each thing that is named. */
import type { AnyId } from '../contract/ids.ts'
import type { Origin } from '../modules/access/actor.ts'
import type { Found } from '../modules/access/find-caller.ts'
import type { Deps } from '../modules/deps.ts'

/** Who calls and what the id names, in one statement; undefined when nobody is signed in (any more). */
export type Find = (scopeId?: AnyId) => Promise<Found | undefined>

export interface Context {
  readonly deps: Deps
  readonly requestId: string
  /** Absent where no request is behind it. */
  readonly origin?: Origin | undefined
  /** Calls of one batch that name the same thing ask once. */
  readonly find: Find
  /** How it is now: for streams, which outlive rights. */
  readonly findAgain: Find
  /** Gives the caller's session, if it is one that calls, a new token. */
  readonly renewSession: () => Promise<void>
}

type Given = Pick<Context, 'deps' | 'requestId' | 'origin' | 'renewSession'>

export function contextOf(given: Given, find: Find): Context {
  const known = new Map<AnyId | undefined, ReturnType<Find>>()
  return {
    ...given,
    findAgain: find,
    find: async (scopeId) => {
      const asked = known.get(scopeId) ?? find(scopeId)
      known.set(scopeId, asked)
      return asked
    },
  }
}
