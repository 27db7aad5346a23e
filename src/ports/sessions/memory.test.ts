import { describe } from 'vitest'
import { newId, type UserId } from '../../contract/ids.ts'
import { memorySessions } from './memory.ts'
import { conformsToSessionsPort } from './testing/conformance.ts'

describe('sessions in memory', () => {
  conformsToSessionsPort(() => {
    const users = new Set<UserId>()
    const seen: unknown[] = []
    const storage = memorySessions((id) => users.has(id))
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
        const userId = newId('usr')
        users.add(userId)
        return { userId, teamId: newId('team') }
      },
      dump: async () => JSON.stringify(seen),
    }
  })
})
