import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'

import type { DeploymentId } from '../../contract/ids.ts'
import type { Dns1123Label } from '../../contract/names.ts'
import type { ContainerState, LogSource, PodSummary, ResourceKey } from '../../ports/kube/port.ts'
import { aMember, aTenant, type Tenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld, type Api } from '../../testing/world.ts'
import { namespaceOf } from './custom-resource.ts'
import { nameOf } from './name-of.ts'

const world = useWorld({ runsLoops: true })

interface Subject {
  tenant: Tenant
  api: Api
  id: DeploymentId
  key: ResourceKey
}

/** A deployment, in a namespace of its own, of which `web` is in this trouble. */
async function troubled(reason: string): Promise<Subject> {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant)
  const namespace = namespaceOf({ ownerId: tenant.userId, orgId: tenant.orgId }, world.deps.settings)
  const key = { namespace, name: nameOf(id) }
  await vi.waitFor(() => expect(world.kube.watchUserDeployments().get(key)).toBeDefined(), 5_000)
  const counts = { desired: 1, updated: 1, ready: 0, restarts: 0 }
  world.kube.setStatus(key, { services: [{ name: 'web', ...counts, reason, message: 'It ended.' }] } as never)
  return { id, key, tenant, api: await world.as(tenant.userId) }
}

function putPod(
  { key }: Subject,
  name: string,
  state: Partial<ContainerState>,
  pod: Partial<PodSummary> = {},
) {
  const container = { name: 'web', isReady: false, restarts: 0, state: 'waiting' as const, ...state }
  world.kube.putPod(key, {
    name: name as Dns1123Label,
    uid: name,
    service: 'web',
    phase: 'Running',
    isReady: false,
    isTerminating: false,
    createdAt: new Date('2030-01-01T00:00:00Z'),
    containers: [container],
    ...pod,
  })
  return { namespace: key.namespace, pod: name, container: 'web' } as LogSource
}

const say = (source: LogSource, ...texts: string[]): void =>
  texts.forEach((text, index) =>
    world.kube.writeLog(source, {
      timestamp: `2030-01-01T00:00:00.${String(index).padStart(9, '0')}Z`,
      text,
    }),
  )
const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`)

const read = async ({ api, id }: Subject) => api.deployments.lastLines({ id })

it.each(['CrashLoop', 'OutOfMemory', 'ConfigError', 'ProbeFailing'])(
  'gives the last lines of the run before, of a service in %s',
  async (reason) => {
    const subject = await troubled(reason)
    say(putPod(subject, 'web-1', { restarts: 3 }), ...lines(1, 30))
    const follow = vi.spyOn(world.kube, 'followLog')
    expect(await read(subject)).toEqual({
      runs: [{ service: 'web', pod: 'web-1', restart: 2, lines: lines(11, 30), isCut: false }],
    })
    expect(follow.mock.calls[0]?.[1]).toMatchObject({ previous: true, tailLines: 20, once: true })
  },
)

it('reads the very run that has just ended while no other has begun', async () => {
  const subject = await troubled('CrashLoop')
  say(putPod(subject, 'web-1', { state: 'terminated', exitCode: 2, restarts: 1 }), 'the end')
  const follow = vi.spyOn(world.kube, 'followLog')
  expect((await read(subject)).runs).toMatchObject([{ restart: 1, lines: ['the end'] }])
  expect(follow.mock.calls[0]?.[1]).toMatchObject({ previous: false })
})

it('takes the newest pod that stays', async () => {
  const subject = await troubled('CrashLoop')
  const at = (minute: number) => ({ createdAt: new Date(Date.UTC(2030, 0, 1, 0, minute)) })
  say(putPod(subject, 'web-old', { restarts: 9 }, at(1)), 'of before')
  say(putPod(subject, 'web-new', { restarts: 1 }, at(2)), 'of now')
  say(putPod(subject, 'web-going', { restarts: 1 }, { ...at(3), isTerminating: true }), 'of one that goes')
  expect((await read(subject)).runs.map((run) => run.lines)).toEqual([['of now']])
})

it('asks the cluster nothing while no log would help', async () => {
  const subject = await troubled('Unschedulable')
  say(putPod(subject, 'web-1', { restarts: 3 }), 'a line')
  const list = vi.spyOn(world.kube, 'listPods')
  expect(await read(subject)).toEqual({ runs: [] })
  expect(list).not.toHaveBeenCalled()
})

it('gives nothing where the node has kept nothing', async () => {
  const subject = await troubled('ConfigError')
  putPod(subject, 'web-1', { restarts: 3 })
  expect(await read(subject)).toEqual({ runs: [] })
})

it('shortens what is long, and says so', async () => {
  const subject = await troubled('CrashLoop')
  say(putPod(subject, 'web-1', { restarts: 1 }), 'x'.repeat(100_000))
  const { runs } = await read(subject)
  expect(runs).toMatchObject([{ lines: ['x'.repeat(500)], isCut: true }])
})

it('gives what came within its time when a node goes silent', async () => {
  const subject = await troubled('CrashLoop')
  const source = putPod(subject, 'web-1', { restarts: 1 })
  say(source, 'before the silence')
  vi.spyOn(world.kube, 'followLog').mockImplementation(async function* (_, { signal }) {
    yield [{ timestamp: '2030-01-01T00:00:00.000000000Z', ordinal: 0, text: 'before the silence' }]
    await delay(60_000, undefined, { signal })
  })
  const startedAt = performance.now()
  const { runs } = await read(subject)
  expect(runs).toMatchObject([{ lines: ['before the silence'], isCut: true }])
  expect(performance.now() - startedAt).toBeLessThan(10_000)
})

it('is for those who may read logs', async () => {
  const subject = await troubled('CrashLoop')
  say(putPod(subject, 'web-1', { restarts: 1 }), 'for the team')
  const viewer = await world.as(await aMember(world.db, subject.tenant, { team: 'viewer' }))
  expect((await viewer.deployments.lastLines({ id: subject.id })).runs).toHaveLength(1)
  const outsider = await world.as(await aMember(world.db, subject.tenant))
  const stranger = await world.as((await aTenant(world.db)).userId)
  for (const other of [outsider, stranger]) {
    await expect(other.deployments.lastLines({ id: subject.id })).rejects.toMatchObject({
      cause: { code: 'NOT_FOUND' },
    })
  }
})
