/** The WebSocket of terminals itself: who may make the handshake, and what ends those who break its rules. */
import { once } from 'node:events'
import { beforeAll, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'

import { EXEC_WINDOW_BYTES } from '../../contract/byte-window.ts'
import type { DeploymentId } from '../../contract/ids.ts'
import type { FakeProgram } from '../../ports/kube/fake-exec.ts'
import { aTenant, type Tenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { aPod, putPods } from '../../testing/pods.ts'
import { useWebServer } from '../../testing/web-server.ts'
import { TERMINALS, useWorld } from '../../testing/world.ts'

const world = useWorld({ terminals: { ...TERMINALS, tickMs: 100 } })
const web = useWebServer(world)
let tenant: Tenant
let id: DeploymentId

beforeAll(async () => {
  tenant = await aTenant(world.db)
  id = await deployed(world, tenant)
  putPods(world, { id, tenant }, [aPod('web-1')])
})

/** As a program that does not keep to the rules would. */
async function bare(): Promise<WebSocket> {
  const address = `${web.url.replace('http', 'ws')}/api/deployments/${id}/exec`
  const socket = new WebSocket(address, {
    headers: { cookie: await web.cookieOf(tenant.userId), origin: web.url },
  })
  socket.on('error', () => undefined)
  return socket
}

it.each([
  ['what is no JSON', '{'],
  ['an unknown message', '{"type":"root"}'],
  ['a size of nothing', '{"type":"resize","columns":0,"rows":1}'],
  ['more than was read', JSON.stringify({ type: 'taken', bytes: EXEC_WINDOW_BYTES * 9 })],
])('ends at %s', async (_, message) => {
  const socket = await bare()
  const said: string[] = []
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) said.push(data.toString('utf8'))
    if (said.length === 1) socket.send(message)
  })
  const [code] = (await once(socket, 'close')) as [number]
  expect([code, said.at(-1)]).toEqual([1008, expect.stringContaining('"code":"INVALID_INPUT"')])
})

it('ends when more is typed than was taken, or in a message that is too large', async () => {
  const flood = await bare()
  flood.once('message', () => {
    for (let sent = 0; sent < 4 * EXEC_WINDOW_BYTES; sent += 32_768) flood.send(Buffer.alloc(32_768))
  })
  expect(((await once(flood, 'close')) as [number])[0]).toBe(1008)
  const large = await bare()
  large.once('message', () => large.send(Buffer.alloc(128 * 1024)))
  expect(((await once(large, 'close')) as [number])[0]).toBe(1009)
  await vi.waitFor(() => expect(web.server.terminals.size).toBe(0), 5_000)
})

it('finds out who is gone without a word', async () => {
  const socket = await bare()
  await once(socket, 'message')
  const { isLeft } = world.kube.programs.at(-1) as FakeProgram
  socket.pause()
  expect(isLeft).toBe(false)
  await vi.waitFor(() => expect(world.kube.programs.at(-1)?.isLeft).toBe(true), 5_000)
  socket.terminate()
})

it('is opened by pages of our own alone', async () => {
  const cookie = await web.cookieOf(tenant.userId)
  const statusOf = async (headers: Record<string, string>): Promise<number | 'open'> => {
    const socket = new WebSocket(`${web.url.replace('http', 'ws')}/api/deployments/${id}/exec`, { headers })
    socket.on('error', () => undefined)
    return new Promise((resolve) => {
      socket.once('unexpected-response', (_, { statusCode = 0, socket: line }) => {
        line.once('close', () => resolve(statusCode))
      })
      socket.once('message', () => {
        socket.close()
        resolve('open')
      })
    })
  }
  const sibling = web.url.replace('127.0.0.1', 'evil.127.0.0.1.example')
  const before = world.kube.programs.length
  for (const origin of [undefined, 'null', 'https://evil.example', sibling, `${web.url}.evil.example`]) {
    expect(await statusOf({ cookie, ...(origin === undefined ? {} : { origin }) })).toBe(403)
  }
  expect(await statusOf({ cookie, origin: web.url, 'sec-fetch-site': 'cross-site' })).toBe('open')
  expect(await statusOf({ origin: web.url })).toBe(401)
  expect(world.kube.programs.length - before).toBe(1)
})

it('closes an upgrade at an address that knows none', async () => {
  const socket = new WebSocket(`${web.url.replace('http', 'ws')}/health`)
  socket.on('error', () => undefined)
  expect(((await once(socket, 'close')) as [number])[0]).toBeGreaterThanOrEqual(1000)
})
