import type { z } from 'zod'

import type { Action } from '../contract/policy.ts'

/** What every procedure declares about itself; coverage.test.ts walks the router and looks. */
export interface Meta {
  /** The right that it needs, or `anyone`: nobody need be signed in. */
  readonly can: Action | 'anyone'
  /**
   * Of a mutation: the shape of `detail` in the row that it writes to the audit; `none` where it changes nothing
   * but the caller's own session.
   */
  readonly audit?: z.ZodType | 'none'
  /**
   * Of a mutation that changes what its caller may do: the session gets a new token, and the one before opens nothing
   * any more (docs/decisions/033).
   */
  readonly renewsSession?: true
}
