import type { SessionId, TeamId, UserId } from '../../contract/ids.ts'
import type { FindHome } from './home.ts'
import type { Session } from './port.ts'
import type { RedisClient, RedisConnection } from './redis-connection.ts'
import { removeScript, renewScript, sweepScript, teamScript, touchScript } from './redis-scripts.ts'
import type { SessionStorage, StoredSession } from './storage.ts'

interface Options {
  readonly redis: RedisConnection
  readonly findHome: FindHome
  /** What all keys begin with; another one for each installation that shares a Redis. */
  readonly prefix?: string
}

const MAX_LISTED = 200

/**
 * Sessions in Redis: every replica knows them at once. A Redis that is started anew without its data signs everybody
 * out. Redis forgets each at its end by itself; what finds them is tidied by `removeExpired`.
 */
export function redisSessions({ redis, findHome, prefix = 'shipyard:' }: Options): SessionStorage {
  const channel = `${prefix}sessions-ended`
  const sessionKey = (tokenHash: string): string => `${prefix}session:${tokenHash}`
  const script = async (text: string, ...args: readonly string[]): Promise<number> =>
    redis.run(async (client) => Number(await client.eval(text, { arguments: [prefix, ...args] })))
  const read = async (tokenHash: string): Promise<Session | undefined> =>
    redis.run(async (client) => sessionIn(await client.hGetAll(sessionKey(tokenHash))))
  const membersOf = async (userId: UserId): Promise<string[]> =>
    redis.run(async (client) => client.zRange(`${prefix}user:${userId}`, 0, MAX_LISTED - 1, { REV: true }))
  const list = async (userId: UserId): Promise<Session[]> => {
    const found = await Promise.all((await membersOf(userId)).map(async (each) => read(partsOf(each).hash)))
    return found.filter((session) => session !== undefined)
  }

  return {
    isInDatabase: false,
    async insert(session) {
      const [last] = await list(session.userId)
      const home = await findHome(session.userId, last?.currentTeamId ?? null)
      if (!home) return false
      await redis.run(async (client) => write(client, prefix, { ...session, currentTeamId: home.teamId }))
      return true
    },
    find: read,
    async findById(id) {
      const hash = await redis.run(async (client) => client.get(`${prefix}id:${id}`))
      return hash === null ? undefined : read(hash)
    },
    list,
    touch: async (id, { now, idleExpiresAt }) =>
      void (await script(touchScript, id, String(now.getTime()), String(idleExpiresAt.getTime()))),
    setCurrentTeam: async (id, teamId) => void (await script(teamScript, id, teamId ?? '')),
    renew: async (id, tokenHash) => (await script(renewScript, id, tokenHash)) === 1,
    async remove(userId, { only, except } = {}) {
      const members = (await membersOf(userId)).filter((each) => {
        const { id } = partsOf(each)
        return (only === undefined || id === only) && id !== except
      })
      if (members.length === 0) return 0
      const count = await script(removeScript, ...members)
      if (count > 0) await redis.run(async (client) => client.publish(channel, userId))
      return count
    },
    removeExpired: async (now, limit) => script(sweepScript, String(now.getTime()), String(limit)),
    hearEnds: (listener) =>
      redis.hear(
        channel,
        (userId) => listener(userId as UserId),
        () => listener('everybody'),
      ),
    ping: async () => void (await redis.run(async (client) => client.ping())),
    close: async () => redis.close(),
  }
}

function partsOf(member: string): { hash: string; id: string } {
  const [, hash = '', id = ''] = member.split(' ')
  return { hash, id }
}

type Whole = StoredSession & Pick<Session, 'currentTeamId'>

async function write(client: RedisClient, prefix: string, { tokenHash, ...session }: Whole): Promise<void> {
  const { id, userId, createdAt, idleExpiresAt, absoluteExpiresAt } = session
  const member = `${userId} ${tokenHash} ${id}`
  // By how long it has, and not by when it ends: the clock of Redis may be another one.
  const leftMs = Math.max(1, idleExpiresAt.getTime() - createdAt.getTime())
  const longestMs = Math.max(1, absoluteExpiresAt.getTime() - createdAt.getTime())
  await client
    .multi()
    .hSet(`${prefix}session:${tokenHash}`, fieldsOf(session, member))
    .pExpire(`${prefix}session:${tokenHash}`, leftMs)
    .set(`${prefix}id:${id}`, tokenHash, { expiration: { type: 'PX', value: leftMs } })
    .zAdd(`${prefix}user:${userId}`, { score: createdAt.getTime(), value: member })
    .pExpire(`${prefix}user:${userId}`, longestMs)
    .zAdd(`${prefix}ends`, { score: idleExpiresAt.getTime(), value: member })
    .exec()
}

const fieldsOf = (session: Session, member: string): Record<string, string> => ({
  member,
  id: session.id,
  userId: session.userId,
  currentTeamId: session.currentTeamId ?? '',
  ipAddress: session.ipAddress ?? '',
  userAgent: session.userAgent ?? '',
  createdAt: String(session.createdAt.getTime()),
  lastSeenAt: String(session.lastSeenAt.getTime()),
  idleExpiresAt: String(session.idleExpiresAt.getTime()),
  absoluteExpiresAt: String(session.absoluteExpiresAt.getTime()),
})

/** Undefined for what is no session, or half of one. */
function sessionIn(fields: Readonly<Record<string, string>>): Session | undefined {
  const { id, userId, absoluteExpiresAt } = fields
  if (!id || !userId || !absoluteExpiresAt) return undefined
  const time = (name: string): Date => new Date(Number(fields[name]))
  return {
    id: id as SessionId,
    userId: userId as UserId,
    currentTeamId: (fields['currentTeamId'] || null) as TeamId | null,
    ipAddress: fields['ipAddress'] || null,
    userAgent: fields['userAgent'] || null,
    createdAt: time('createdAt'),
    lastSeenAt: time('lastSeenAt'),
    idleExpiresAt: time('idleExpiresAt'),
    absoluteExpiresAt: time('absoluteExpiresAt'),
  }
}
