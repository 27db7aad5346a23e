import { expect, it } from 'vitest'

import { UserDeploymentStatus, type UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { anObserved } from '../testing/observed.ts'
import { aResource, testSettings } from '../testing/resources.ts'
import { stuck, waits, type Finding } from './checks/finding.ts'
import { judge, type Outcome, type Verdict } from './status.ts'

const settings = testSettings()
const START = new Date('2030-01-01T12:00:00.500Z')
const later = (seconds: number): Date => new Date(START.getTime() + seconds * 1000)

interface Given {
  resource?: UserDeployment
  finding?: Finding | undefined
  now?: Date
  isObstacle?: boolean
}

function verdictOf({ resource = aResource(), finding, now = START, isObstacle = false }: Given): Verdict {
  const outcome: Outcome = {
    observed: anObserved(resource),
    settings,
    facts: { addresses: new Map(), replicas: new Map(), hostsOfOthers: new Set() },
    finding,
    isObstacle,
    troubles: finding && !isObstacle ? new Map([['web', finding]]) : new Map(),
    now,
  }
  return judge(outcome)
}

/** The same resource as it is after a verdict was written. */
const after = (verdict: Verdict, resource = aResource()): UserDeployment => ({
  ...resource,
  status: verdict.status,
})

const pulling = waits('Provisioning', 'The pods of service web are being started.')

it('is Provisioning with a deadline while something is under way', () => {
  const { result, status } = verdictOf({ finding: pulling })
  expect(result).toEqual({
    type: 'wait',
    after: '599500ms',
    reason: 'Provisioning',
    message: pulling.message,
  })
  expect(status).toMatchObject({
    phase: 'Provisioning',
    deadlineAt: '2030-01-01T12:10:00.000Z',
    observedGeneration: 1,
  })
  expect(status.lastError).toBeUndefined()
  expect(UserDeploymentStatus.parse(status)).toEqual(status)
})

it('looks again soon for what somebody has to mend and no watch tells of, else at the slow pace', () => {
  const foreign = stuck('NameTaken', 'There is a Service web that Shipyard did not make.')
  expect(verdictOf({ finding: foreign, isObstacle: true }).result).not.toHaveProperty('after')
  expect(verdictOf({ finding: { ...foreign, againMs: 15_000 }, isObstacle: true }).result).toMatchObject({
    type: 'stalled',
    after: '15000ms',
  })
})

it('looks again soon for what no watch tells of, and no later than the deadline', () => {
  const unheard = { ...pulling, againMs: 250 }
  expect(verdictOf({ finding: unheard }).result).toMatchObject({ type: 'wait', after: '250ms' })
  const resource = after(verdictOf({ finding: unheard }))
  expect(verdictOf({ finding: unheard, resource, now: later(599.4) }).result).toMatchObject({
    after: '100ms',
  })
})

it('is Pending while nothing may be made yet', () => {
  expect(verdictOf({ finding: pulling, isObstacle: true }).status.phase).toBe('Pending')
})

it('keeps the deadline and the time of each condition until something changes', () => {
  const first = verdictOf({ finding: pulling })
  const second = verdictOf({ finding: pulling, resource: after(first), now: later(60) })
  expect(second.status).toEqual(first.status)
})

it('gives a new generation a new deadline', () => {
  const first = verdictOf({ finding: pulling })
  const resource = after(first, aResource({}, { generation: 2 }))
  expect(verdictOf({ finding: pulling, resource, now: later(60) }).status.deadlineAt).toBe(
    '2030-01-01T12:11:00.000Z',
  )
})

it('is an Error after the deadline, with the cause where there is one, and goes on slowly', () => {
  const first = verdictOf({ finding: pulling })
  const late = verdictOf({ finding: pulling, resource: after(first), now: later(600) })
  expect(late.result).toMatchObject({ type: 'stalled', reason: 'DeadlineExceeded' })
  expect(late.status).toMatchObject({
    phase: 'Error',
    lastError: { reason: 'DeadlineExceeded', message: pulling.message },
    deadlineAt: first.status.deadlineAt,
  })
  const cause = waits('Unschedulable', 'No node takes a pod.')
  const known = verdictOf({ finding: cause, resource: after(first), now: later(600) })
  expect(known.status.lastError?.reason).toBe('Unschedulable')
})

it('is an Error at once when a person has to change something', () => {
  const { result, status } = verdictOf({ finding: stuck('ImageNotFound', 'The image does not exist.') })
  expect(result).toMatchObject({ type: 'stalled', reason: 'ImageNotFound' })
  expect(status).toMatchObject({ phase: 'Error', services: [{ name: 'web', reason: 'ImageNotFound' }] })
  expect(status.conditions.map(({ type, status: is }) => `${type}=${is}`)).toEqual([
    'Ready=False',
    'Stalled=True',
    'Progressing=False',
  ])
})

it('is Ready without deadline and error, and remembers the revision', () => {
  const broken = verdictOf({ finding: stuck('CrashLoop', 'It ends.') })
  const { result, status } = verdictOf({ resource: after(broken) })
  expect(result).toEqual({ type: 'done' })
  expect(status).toMatchObject({
    phase: 'Ready',
    readyRevision: 1,
    urls: ['http://abcdefghij.apps.localhost:20080'],
  })
  expect(status).not.toHaveProperty('deadlineAt')
  expect(status).not.toHaveProperty('lastError')
  expect(status.conditions.map(({ type, status: is }) => `${type}=${is}`)).toEqual([
    'Ready=True',
    'Progressing=False',
  ])
})

it('keeps the last revision that was ready while a newer one is not', () => {
  const first = verdictOf({})
  const newer = after(first, aResource({ revision: 2 }, { generation: 2 }))
  expect(verdictOf({ resource: newer, finding: pulling }).status.readyRevision).toBe(1)
  expect(verdictOf({ resource: newer }).status.readyRevision).toBe(2)
})

it('does not count a suspended revision as one that was ready', () => {
  const { status } = verdictOf({ resource: aResource({ suspended: true }) })
  expect(status).toMatchObject({ phase: 'Ready', services: [{ desired: 0 }] })
  expect(status.readyRevision).toBeUndefined()
  expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', reason: 'Suspended' }))
})

it('has a deadline that leaves the slowest service its time to start', () => {
  const slow = aResource({
    services: [
      {
        name: 'web',
        image: 'nginx',
        ports: [{ port: 8080 }],
        health: { tcp: { port: 8080 }, startupSeconds: 3600 },
      },
    ],
  })
  expect(verdictOf({ resource: slow, finding: pulling }).status.deadlineAt).toBe('2030-01-01T13:10:00.000Z')
})

it('shows no address of an internal deployment', () => {
  expect(verdictOf({ resource: aResource({ visibility: 'internal' }) }).status.urls).toEqual([])
})
