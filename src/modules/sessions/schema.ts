import { z } from 'zod'

import { SessionId } from '../../contract/ids.ts'
import { input, Instant } from '../access/schema.ts'

export const MySession = z.object({
  id: SessionId,
  /** What the browser says of itself, in words: `Firefox on Linux`. */
  device: z.string(),
  /** The address that it signed in from. */
  place: z.string().nullable(),
  signedInAt: Instant,
  /** To within a few minutes. */
  lastSeenAt: Instant,
  /** Ends then unless it is used before; never later than `endsAt`. */
  idleEndsAt: Instant,
  endsAt: Instant,
  /** The one that asks. */
  isThis: z.boolean(),
})
export type MySession = z.infer<typeof MySession>

/** The one that was used last first. */
export const MySessions = z.array(MySession)

export const RevokeSession = input({ sessionId: SessionId })

/** Of whoever has signed in with this address. */
export const RevokeSessionsOf = input({ email: z.string().min(1).max(320) })

/** How many were ended. */
export const SessionsEnded = z.object({ ended: z.int() })
