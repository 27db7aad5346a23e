import { describe } from 'vitest'
import { newId, type TeamId, type UserId } from '../../contract/ids.ts'
import { memorySessions } from './memory.ts'
import { conformsToSessionsPort } from './testing/conformance.ts'

describe('sessions in memory', () => {
  conformsToSessionsPort(() => {
    const homes = new Map<UserId, TeamId>()
    const seen: unknown[] = []
    const storage = memorySessions(async (userId, last) => {
      const teamId = homes.get(userId)
      return teamId && { teamId: last ?? teamId }
    })
    return {
      storage: {
        ...storage,
        async insert(session) {
          seen.push(session)
          return storage.insert(session)
        },
        async removeExpired(now, limit) {
          seen.length = 0
          return storage.removeExpired(now, limit)
        },
      },
      async newUser() {
        const home = { userId: newId('usr'), teamId: newId('team') }
        homes.set(home.userId, home.teamId)
        return home
      },
      dump: async () => JSON.stringify(seen),
    }
  })
})
