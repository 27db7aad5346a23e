import { connectDb } from '../../../src/ports/db/postgres.ts'
import type { TeamId } from '../../../src/contract/ids.ts'
import { systemClock } from '../../../src/ports/clock/system.ts'
import { createSessions } from '../../../src/ports/sessions/lucia.ts'
import { postgresSessions } from '../../../src/ports/sessions/postgres.ts'
import { aDeployment, aTemplate, aTenant } from '../../../src/testing/builders.ts'

export interface Seeded {
  readonly teamId: TeamId
  /** The session of somebody who may read them: `session=…`. */
  readonly cookie: string
}

const WRITERS = 8

/** A team with so many deployments, all of which have been written to a cluster, so that no loop has work. */
export async function seedDeployments(dsn: string, count: number): Promise<Seeded> {
  const db = connectDb({ dsn: withoutSync(dsn) })
  try {
    const tenant = await aTenant(db)
    const template = await aTemplate(db)
    let next = 0
    const write = async (): Promise<void> => {
      for (let at = next++; at < count; at = next++) {
        await aDeployment(db, tenant, { template, displayName: `App number ${at}`, enforceLimit: false })
      }
    }
    await Promise.all(Array.from({ length: WRITERS }, write))
    await db.prisma.deployment.updateMany({
      data: { pushedGeneration: 1, pushError: null, pushAttempts: 0 },
    })
    const sessions = createSessions({ storage: postgresSessions(db), clock: systemClock })
    const { token } = await sessions.create({ userId: tenant.userId })
    return { teamId: tenant.teamId, cookie: `session=${token}` }
  } finally {
    await db.close()
  }
}

/** These rows may be lost. */
const withoutSync = (dsn: string): string =>
  `${dsn}?${new URLSearchParams({ options: '-c synchronous_commit=off' }).toString()}`
