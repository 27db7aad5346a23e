import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'

import { randomBase32, type UserId } from '../../contract/ids.ts'
import { aTeam, aTenant } from '../../testing/builders.ts'
import { useTestDb } from '../../testing/db.ts'
import { manualClock } from '../clock/fake.ts'
import { homesIn } from './home.ts'
import { createSessions } from './lucia.ts'
import { connectRedis, type RedisConnection } from './redis-connection.ts'
import { redisSessions } from './redis.ts'
import { conformsToSessionsPort } from './testing/conformance.ts'

const test = useTestDb()
const prefix = `test-${randomBase32(8)}:`
const url = inject('stackEnv')['REDIS_URL'] ?? ''
const connections: RedisConnection[] = []
const eventually = async (ask: () => Promise<unknown>) => vi.waitFor(ask, { timeout: 15_000, interval: 20 })

async function connected(): Promise<RedisConnection> {
  const redis = connectRedis({ url, onTrouble: () => undefined })
  connections.push(redis)
  await eventually(async () => redis.run(async (client) => client.ping()))
  return redis
}

let redis: RedisConnection
beforeAll(async () => {
  redis = await connected()
})
afterAll(async () => {
  const keys = await redis.run(async (client) => client.keys(`${prefix}*`))
  if (keys.length > 0) await redis.run(async (client) => client.del(keys))
  await Promise.all(connections.map(async (each) => each.close()))
})

const storageOn = (connection: RedisConnection) =>
  redisSessions({ redis: connection, findHome: homesIn(test.db), prefix })

/** Everything under our prefix, names and contents. */
async function dump(): Promise<string> {
  return redis.run(async (client) => {
    const keys = await client.keys(`${prefix}*`)
    const contents = keys.map(async (key): Promise<unknown> => {
      const type = await client.type(key)
      if (type === 'hash') return client.hGetAll(key)
      return type === 'zset' ? client.zRange(key, 0, -1) : client.get(key)
    })
    return JSON.stringify([keys, await Promise.all(contents)])
  })
}

describe('sessions in Redis', () => {
  conformsToSessionsPort(() => ({
    storage: storageOn(redis),
    newUser: async () => aTenant(test.db),
    dump,
  }))

  it('are known to every server at once, and each hears of an end', async () => {
    const { userId } = await aTenant(test.db)
    const clock = manualClock()
    const one = createSessions({ storage: storageOn(redis), clock })
    const other = createSessions({ storage: storageOn(await connected()), clock })
    const heard: (UserId | 'everybody')[] = []
    const stop = other.hearEnds((whose) => void heard.push(whose))
    const { token, session } = await one.create({ userId })
    expect(await other.validate(token)).toEqual(session)
    // From when it listens on, which it says so.
    await eventually(async () => expect(heard).toContain('everybody'))
    await one.invalidate(userId, session.id)
    expect(await other.validate(token)).toBeUndefined()
    await eventually(async () => expect(heard).toContain(userId))
    await stop()
  })

  it('are forgotten by Redis itself at their end', async () => {
    const { userId } = await aTenant(test.db)
    const clock = manualClock()
    const sessions = createSessions({ storage: storageOn(redis), clock, idleMs: 50 })
    const { token } = await sessions.create({ userId })
    const key = `${prefix}session:${sessions.hashOf(token)}`
    await eventually(async () => expect(await redis.run(async (client) => client.exists(key))).toBe(0))
    expect(await sessions.validate(token)).toBeUndefined()
    expect(await sessions.list(userId)).toEqual([])
  })

  it('begin in a team that the user is still in', async () => {
    const { userId, orgId, teamId } = await aTenant(test.db)
    const second = await aTeam(test.db, orgId)
    const sessions = createSessions({ storage: storageOn(redis), clock: manualClock() })
    const { session } = await sessions.create({ userId })
    await sessions.setCurrentTeam(session.id, second)
    expect((await sessions.create({ userId })).session.currentTeamId).toBe(teamId)
  })

  it('leave nothing behind when they are ended and swept', async () => {
    const own = `${prefix}tidy:`
    const clock = manualClock()
    const storage = redisSessions({ redis, findHome: homesIn(test.db), prefix: own })
    const sessions = createSessions({ storage, clock })
    const { userId } = await aTenant(test.db)
    const { session } = await sessions.create({ userId })
    await sessions.create({ userId })
    await sessions.renew(session.id)
    await sessions.invalidate(userId, session.id)
    clock.advance(40 * 24 * 3_600_000)
    expect(await sessions.deleteExpired()).toBe(1)
    expect(await redis.run(async (client) => client.keys(`${own}*`))).toEqual([])
  })

  it('cannot be had when Redis is away: nobody is signed in or out by that', async () => {
    const away = connectRedis({ url: 'redis://127.0.0.1:1', onTrouble: () => undefined })
    const sessions = createSessions({ storage: storageOn(away), clock: manualClock() })
    const refused = { code: 'SESSIONS_UNAVAILABLE' }
    await expect(sessions.validate('a'.repeat(40))).rejects.toMatchObject(refused)
    await expect(sessions.ping()).rejects.toMatchObject(refused)
    await away.close()
  })
})
