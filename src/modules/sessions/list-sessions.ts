import type { Actor } from '../access/actor.ts'
import type { Deps } from '../deps.ts'
import { deviceOf } from './device-of.ts'
import type { MySession } from './schema.ts'

/** The living sessions of who asks, the one that was used last first. */
export async function listSessions({ sessions }: Pick<Deps, 'sessions'>, actor: Actor): Promise<MySession[]> {
  const mine = await sessions.list(actor.userId)
  return mine
    .toSorted((a, b) => b.lastSeenAt.getTime() - a.lastSeenAt.getTime())
    .map((session) => ({
      id: session.id,
      device: deviceOf(session.userAgent),
      place: session.ipAddress,
      signedInAt: session.createdAt.toISOString(),
      lastSeenAt: session.lastSeenAt.toISOString(),
      idleEndsAt: session.idleExpiresAt.toISOString(),
      endsAt: session.absoluteExpiresAt.toISOString(),
      isThis: session.id === actor.session?.id,
    }))
}
