import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { Dns1123Label, ServiceName, type Namespace, type ResourceName } from '../../contract/names.ts'
import { systemClock } from '../../ports/clock/system.ts'
import { createFakeKube, type FakeKube } from '../../ports/kube/fake.ts'
import { eventsOf } from '../../sdk/event-parser.ts'
import { createChanges } from '../../modules/deployments/changes.ts'
import { createLogHub, type LogHub } from './log-hub.ts'
import { LogViewer } from './log-viewer.ts'

const key = { namespace: 'sandbox-a-b' as Namespace, name: 'abcdefghij' as ResourceName }
const name = Dns1123Label.parse('web')
const source = { namespace: key.namespace, pod: name, container: name }
const id = newId('dep')
let viewers: LogViewer[] = []
afterEach(() => {
  for (const viewer of viewers) viewer.destroy()
  viewers = []
})

function aHub(): { kube: FakeKube; hub: LogHub } {
  const kube = createFakeKube(systemClock)
  kube.putPod(key, {
    name,
    uid: 'uid',
    service: ServiceName.parse('web'),
    phase: 'Running',
    isReady: true,
    isTerminating: false,
    createdAt: new Date(0),
    containers: [{ name, isReady: true, restarts: 0, state: 'running' }],
  })
  const onTrouble = (error: unknown) => {
    throw error
  }
  return { kube, hub: createLogHub({ kube, changes: createChanges(), onTrouble }) }
}

const now = (n: number): string => `${new Date().toISOString().slice(0, -1)}${String(n).padStart(6, '0')}Z`
const write = (kube: FakeKube, n: number, text = `line ${n}`) =>
  kube.writeLog(source, { timestamp: now(n), text })

function look(hub: LogHub, options: { tail?: number } = {}): LogViewer {
  const viewer = new LogViewer({
    tail: options.tail ?? 100,
    arrivedAt: now(0),
    isWanted: () => true,
    async *readOlder() {},
    onTrouble: (error) => {
      throw error
    },
  })
  viewers.push(viewer)
  const { logs, release } = hub.open(id, key)
  viewer.onGone(release)
  viewer.onGone(logs.onUpstream(viewer.show))
  return viewer
}

/** Everything that a viewer gets, as it reads it. */
function read(viewer: LogViewer) {
  const lines: string[] = []
  const gaps: number[] = []
  const run = async () => {
    const body = ReadableFrom(viewer)
    for await (const { name: event, data } of eventsOf(body)) {
      const value = JSON.parse(data) as { lines: [string, number, string][] | number }
      if (event === 'lines')
        lines.push(...(value.lines as [string, number, string][]).map(([, , text]) => text))
      if (event === 'gap') gaps.push(value.lines as number)
    }
  }
  return { lines, gaps, ended: run().catch(() => undefined) }
}
const ReadableFrom = (viewer: LogViewer): ReadableStream<Uint8Array> => ReadableStream.from(viewer)

it('shows the last lines of the past, then all that come', async () => {
  const { kube, hub } = aHub()
  for (let n = 0; n < 20; n++) write(kube, n)
  await delay(5)
  const viewer = read(look(hub, { tail: 3 }))
  await vi.waitFor(() => expect(viewer.lines).toEqual(['line 17', 'line 18', 'line 19']), 3_000)
  write(kube, 20)
  await vi.waitFor(() => expect(viewer.lines.at(-1)).toBe('line 20'), 3_000)
})

it('gives a second viewer the past from memory', async () => {
  const { kube, hub } = aHub()
  for (let n = 0; n < 5; n++) write(kube, n)
  const follow = vi.spyOn(kube, 'followLog')
  const first = read(look(hub))
  await vi.waitFor(() => expect(first.lines).toHaveLength(5), 3_000)
  const second = read(look(hub, { tail: 2 }))
  await vi.waitFor(() => expect(second.lines).toEqual(['line 3', 'line 4']), 3_000)
  expect(follow).toHaveBeenCalledOnce()
})

it('does not wait for a slow viewer, tells it what it missed, and goes on', async () => {
  const { kube, hub } = aHub()
  write(kube, 0, 'the start')
  await delay(5)
  const quick = read(look(hub, { tail: 0 }))
  const slow = look(hub, { tail: 0 })
  // It has been told of the container, and so hears what is new.
  await vi.waitFor(() => expect(slow.readableLength).toBeGreaterThan(150), 3_000)
  await delay(50)
  const total = 4_000
  for (let n = 0; n < total; n++) {
    write(kube, n, 'x'.repeat(1_000))
    if (n % 100 === 99) await delay(5)
  }
  await vi.waitFor(() => expect(quick.lines).toHaveLength(total), 5_000)
  expect(slow.readableLength).toBeLessThan(3 * 1024 * 1024)
  const late = read(slow)
  await vi.waitFor(() => expect(late.gaps.length).toBeGreaterThan(0), 3_000)
  write(kube, total, 'the end')
  await vi.waitFor(() => expect(late.lines.at(-1)).toBe('the end'), 3_000)
  const missed = late.gaps.reduce((sum, count) => sum + count, 0)
  expect(late.lines.length + missed).toBe(total + 1)
})

it('closes its connection when the last viewer leaves', async () => {
  const { kube, hub } = aHub()
  write(kube, 0)
  const follow = vi.spyOn(kube, 'followLog')
  const [one, two] = [look(hub), look(hub)]
  await vi.waitFor(() => expect(follow).toHaveBeenCalledOnce())
  one.destroy()
  await delay(20)
  expect(hub.size).toBe(1)
  two.destroy()
  await vi.waitFor(() => expect(hub.size).toBe(0))
  expect(follow.mock.calls[0]?.[1].signal.aborted).toBe(true)
})
