/** Hears from the database, and from Redis where sessions are in it, whose rights were withdrawn on any server. */
import type { Logger } from 'pino'

import { OrgId, UserId } from '../contract/ids.ts'
import type { RightsChanges } from '../modules/access/rights-changes.ts'
import type { Ports } from '../ports/types.ts'
import type { Loop } from './loop.ts'

interface Options {
  readonly ports: Pick<Ports, 'db' | 'sessions'>
  readonly rights: RightsChanges
  readonly log: Pick<Logger, 'warn'>
}

/** The channel of the triggers in the migration `sign_in`. */
const CHANNEL = 'rights_changed'

/** It has no period: what it hears it passes on, and after each connection it says that everybody is in doubt. */
export function hearRights({ ports: { db, sessions }, rights, log }: Options): Loop {
  let stopHearing: (() => Promise<unknown>) | undefined
  const pass = (id: string): void => {
    const known = UserId.safeParse(id).data ?? OrgId.safeParse(id).data
    if (known) rights.tell(known)
  }
  const everybody = (): void => rights.tell('everybody')
  return {
    name: 'hear-rights',
    poke: everybody,
    start() {
      if (stopHearing) return
      const listening = db.listen(CHANNEL, {
        onNotice: pass,
        onConnected: everybody,
        onTrouble: (error) =>
          log.warn({ err: error }, 'the word of withdrawn rights is not heard for a moment'),
      })
      const stopSessions = sessions.hearEnds((whose) => rights.tell(whose))
      rights.hearBy(() => listening.isConnected)
      stopHearing = async () => Promise.all([listening.stop(), stopSessions()])
    },
    async stop() {
      rights.hearBy(() => false)
      await stopHearing?.()
    },
  }
}
