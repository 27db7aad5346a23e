import { describe, expect, it } from 'vitest'
import { aTenant } from '../../testing/builders.ts'
import { useTestDb } from '../../testing/db.ts'
import { manualClock } from '../clock/fake.ts'
import { createSessions } from './lucia.ts'
import { postgresSessions } from './postgres.ts'
import { conformsToSessionsPort } from './testing/conformance.ts'

const test = useTestDb()

describe('sessions in PostgreSQL', () => {
  conformsToSessionsPort(() => ({
    storage: postgresSessions(test.db),
    newUser: async () => aTenant(test.db),
    dump: async () => JSON.stringify(await test.db.prisma.session.findMany()),
  }))

  it('are known to every server at once, and their end too', async () => {
    const { userId } = await aTenant(test.db)
    const clock = manualClock()
    const one = createSessions({ storage: postgresSessions(test.db), clock })
    const other = createSessions({ storage: postgresSessions(test.connectAgain()), clock })
    const { token, session } = await one.create({ userId })
    expect(await other.validate(token)).toEqual(session)
    await one.invalidate(userId, session.id)
    expect(await other.validate(token)).toBeUndefined()
  })

  it('cost one statement to validate, and another one only after some minutes', async () => {
    const { userId } = await aTenant(test.db)
    const clock = manualClock()
    const sessions = createSessions({ storage: postgresSessions(test.db), clock })
    const { token } = await sessions.create({ userId })
    expect(await test.statementsOf(async () => sessions.validate(token))).toHaveLength(1)
    expect(await test.statementsOf(async () => sessions.validate('x'))).toHaveLength(0)
    clock.advance(3_600_000)
    expect(await test.statementsOf(async () => sessions.validate(token))).toHaveLength(2)
    expect(await test.statementsOf(async () => sessions.validate(token))).toHaveLength(1)
  })
})
