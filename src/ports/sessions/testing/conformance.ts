import { expect, it } from 'vitest'
import { newId, type TeamId, type UserId } from '../../../contract/ids.ts'
import { manualClock, type ManualClock } from '../../clock/fake.ts'
import { createSessions, usualPeriods } from '../lucia.ts'
import type { SessionsPort } from '../port.ts'
import type { SessionStorage } from '../storage.ts'

/** A storage to be tested, with the people that it knows. */
export interface SessionBackend {
  readonly storage: SessionStorage
  /** Makes a user that may have sessions, and a team of theirs. */
  readonly newUser: () => Promise<{ readonly userId: UserId; readonly teamId: TeamId }>
  /** Everything that the storage holds about sessions, as text. */
  readonly dump: () => Promise<string>
}

interface Scene extends SessionBackend {
  readonly sessions: SessionsPort
  readonly clock: ManualClock
}

const { idleMs, absoluteMs, touchAfterMs } = usualPeriods

/** Sentence → what shows it. */
const cases: Record<string, (scene: Scene) => Promise<void>> = {
  async 'knows whom it gave a token, and what browser that was'({ sessions, newUser, clock }) {
    const { userId } = await newUser()
    const made = await sessions.create({ userId, ipAddress: '192.0.2.7', userAgent: 'Browser/1' })
    expect(made.token).toMatch(/^[a-z2-7]{40}$/)
    const now = clock.nowMs()
    expect(await sessions.validate(made.token)).toEqual(made.session)
    expect(made.session).toMatchObject({
      userId,
      ipAddress: '192.0.2.7',
      userAgent: 'Browser/1',
      createdAt: new Date(now),
      lastSeenAt: new Date(now),
      idleExpiresAt: new Date(now + idleMs),
      absoluteExpiresAt: new Date(now + absoluteMs),
    })
  },
  async 'gives another token each time, and keeps none'({ sessions, newUser, dump }) {
    const { userId } = await newUser()
    const [one, two] = [await sessions.create({ userId }), await sessions.create({ userId })]
    expect(one.token).not.toBe(two.token)
    const kept = await dump()
    expect(kept).toContain(sessions.hashOf(one.token))
    expect(kept).not.toContain(one.token)
    expect(kept).not.toContain(two.token)
  },
  async 'takes nothing that is kept for a token'({ sessions, newUser }) {
    const { userId } = await newUser()
    const { token, session } = await sessions.create({ userId })
    for (const other of [
      sessions.hashOf(token) ?? '',
      session.id,
      userId,
      `${token}a`,
      token.toUpperCase(),
      '',
    ]) {
      expect(await sessions.validate(other)).toBeUndefined()
    }
    expect(sessions.hashOf("' OR 1=1 --")).toBeUndefined()
  },
  async 'makes no session for nobody'({ sessions }) {
    await expect(sessions.create({ userId: newId('usr') })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  },
  async 'ends a session that is not used'({ sessions, newUser, clock }) {
    const { userId } = await newUser()
    const { token } = await sessions.create({ userId })
    clock.advance(idleMs - 1)
    expect(await sessions.validate(token)).toBeDefined()
    clock.advance(idleMs)
    expect(await sessions.validate(token)).toBeUndefined()
    expect(await sessions.list(userId)).toEqual([])
  },
  async 'keeps a session that is used, until its absolute end'({ sessions, newUser, clock }) {
    const { userId } = await newUser()
    const { token, session } = await sessions.create({ userId })
    const stepMs = idleMs / 2
    for (let at = stepMs; at < absoluteMs; at += stepMs) {
      clock.advance(stepMs)
      expect(await sessions.validate(token)).toMatchObject({ absoluteExpiresAt: session.absoluteExpiresAt })
    }
    clock.advance(stepMs)
    expect(await sessions.validate(token)).toBeUndefined()
  },
  async 'notes a use every few minutes only, never beyond the absolute end'({ sessions, newUser, clock }) {
    const { userId } = await newUser()
    const { token, session } = await sessions.create({ userId })
    clock.advance(touchAfterMs - 1)
    await sessions.validate(token)
    await sessions.touch(session)
    expect(await sessions.list(userId)).toEqual([session])
    clock.advance(1)
    await sessions.touch(session)
    const now = clock.nowMs()
    const expected = { lastSeenAt: new Date(now), idleExpiresAt: new Date(now + idleMs) }
    expect(await sessions.list(userId)).toEqual([{ ...session, ...expected }])
    for (let days = 0; days < 24; days += 6) {
      clock.advance(idleMs - 1)
      await sessions.validate(token)
    }
    const [last] = await sessions.list(userId)
    expect(last?.idleExpiresAt).toEqual(session.absoluteExpiresAt)
  },
  async 'lists the sessions of one user, the newest first'({ sessions, newUser, clock }) {
    const [{ userId }, other] = [await newUser(), await newUser()]
    const first = await sessions.create({ userId })
    clock.advance(1000)
    const second = await sessions.create({ userId })
    await sessions.create(other)
    expect(await sessions.list(userId)).toEqual([second.session, first.session])
  },
  async 'ends the one session that is named, at once'({ sessions, newUser }) {
    const { userId } = await newUser()
    const [one, two] = [await sessions.create({ userId }), await sessions.create({ userId })]
    expect(await sessions.invalidate(userId, one.session.id)).toBe(true)
    expect(await sessions.validate(one.token)).toBeUndefined()
    expect(await sessions.validate(two.token)).toBeDefined()
    expect(await sessions.invalidate(userId, one.session.id)).toBe(false)
  },
  async "ends nobody else's session"({ sessions, newUser }) {
    const [mine, theirs] = [await newUser(), await newUser()]
    const { token, session } = await sessions.create(theirs)
    expect(await sessions.invalidate(mine.userId, session.id)).toBe(false)
    expect(await sessions.invalidateAll(mine.userId)).toBe(0)
    expect(await sessions.validate(token)).toBeDefined()
  },
  async 'ends all sessions of a user, or all but one'({ sessions, newUser }) {
    const { userId } = await newUser()
    const made = [1, 2, 3].map(async () => sessions.create({ userId }))
    const [one, two] = await Promise.all(made)
    expect(await sessions.invalidateAll(userId, { except: one?.session.id ?? newId('ses') })).toBe(2)
    expect(await sessions.validate(two?.token ?? '')).toBeUndefined()
    expect(await sessions.validate(one?.token ?? '')).toBeDefined()
    expect(await sessions.invalidateAll(userId)).toBe(1)
  },
  async 'finds a living session by its id, and counts that as a use'({ sessions, newUser, clock }) {
    const { userId } = await newUser()
    const { session } = await sessions.create({ userId })
    expect(await sessions.get(session.id)).toEqual(session)
    clock.advance(touchAfterMs)
    await sessions.get(session.id)
    expect(await sessions.get(session.id)).toMatchObject({ lastSeenAt: new Date(clock.nowMs()) })
    clock.advance(idleMs)
    expect(await sessions.get(session.id)).toBeUndefined()
    expect(await sessions.get(newId('ses'))).toBeUndefined()
  },
  async 'gives the same session another token, and takes the one before no more'({ sessions, newUser }) {
    const { userId } = await newUser()
    const { token, session } = await sessions.create({ userId })
    const renewed = await sessions.renew(session.id)
    expect(renewed).toMatch(/^[a-z2-7]{40}$/)
    expect(await sessions.validate(token)).toBeUndefined()
    expect(await sessions.validate(renewed ?? '')).toEqual(session)
    expect(await sessions.list(userId)).toEqual([session])
    await sessions.touch({ id: session.id, lastSeenAt: new Date(0) })
    expect(await sessions.invalidate(userId, session.id)).toBe(true)
    expect(await sessions.validate(renewed ?? '')).toBeUndefined()
    expect(await sessions.renew(session.id)).toBeUndefined()
  },
  async 'brings no session back that has ended'({ sessions, newUser, clock }) {
    const { userId, teamId } = await newUser()
    const { token, session } = await sessions.create({ userId })
    await sessions.invalidate(userId, session.id)
    clock.advance(touchAfterMs)
    await sessions.touch(session)
    await sessions.setCurrentTeam(session.id, teamId)
    expect(await sessions.validate(token)).toBeUndefined()
    expect(await sessions.get(session.id)).toBeUndefined()
    expect(await sessions.list(userId)).toEqual([])
  },
  async 'begins in the first team of a user, then in the one that was used last'(scene) {
    const { sessions, newUser, clock } = scene
    const { userId, teamId } = await newUser()
    const { session } = await sessions.create({ userId })
    expect(session.currentTeamId).toBe(teamId)
    await sessions.setCurrentTeam(session.id, null)
    clock.advance(1000)
    expect((await sessions.create({ userId })).session.currentTeamId).toBe(teamId)
  },
  async 'answers when it is asked whether it answers'({ sessions }) {
    await expect(sessions.ping()).resolves.toBeUndefined()
  },
  async 'remembers the current team'({ sessions, newUser }) {
    const { userId, teamId } = await newUser()
    const { token, session } = await sessions.create({ userId })
    await sessions.setCurrentTeam(session.id, teamId)
    expect(await sessions.validate(token)).toMatchObject({ currentTeamId: teamId })
    await sessions.setCurrentTeam(session.id, null)
    expect(await sessions.validate(token)).toMatchObject({ currentTeamId: null })
  },
  async 'removes what has expired and nothing else'({ sessions, newUser, clock, dump }) {
    const { userId } = await newUser()
    const old = await sessions.create({ userId })
    clock.advance(idleMs - 1000)
    const young = await sessions.create({ userId })
    clock.advance(1000)
    expect(await sessions.deleteExpired()).toBeGreaterThanOrEqual(1)
    expect(await dump()).not.toContain(sessions.hashOf(old.token))
    expect(await sessions.validate(young.token)).toBeDefined()
  },
  async 'cuts what a browser says of itself'({ sessions, newUser }) {
    const { userId } = await newUser()
    const { session } = await sessions.create({ userId, userAgent: 'x'.repeat(5000) })
    expect(session.userAgent).toHaveLength(400)
  },
}

/** What sessions do on every storage; each case has its own users and its own clock. */
export function conformsToSessionsPort(open: () => SessionBackend): void {
  it.each(Object.entries(cases))('%s', async (_, show) => {
    const clock = manualClock()
    const backend = open()
    const sessions = createSessions({ storage: backend.storage, clock })
    await expect(show({ ...backend, sessions, clock })).resolves.toBeUndefined()
  })
}
