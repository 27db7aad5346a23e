import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'

import { expect, it } from 'vitest'

import { Reach } from './reach.ts'
import { silentHost } from './testing/silent-host.ts'

it('asks a host once, whether it answers or not', async () => {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(`http://localhost:${(server.address() as AddressInfo).port}/file`)
  const reach = new Reach({}, 1000)
  expect(await Promise.all([reach.isReachable(url), reach.isReachable(new URL('/other', url))])).toEqual([
    true,
    true,
  ])
  expect(connections).toBe(1)
  server.close()
  await once(server, 'close')
  expect(await reach.isReachable(url)).toBe(true)
  expect(await new Reach({}, 1000).isReachable(url)).toBe(false)
  reach.forget(url)
  expect(await reach.isReachable(url)).toBe(false)
})

it('gives a host no more than its time', async () => {
  const silent = await silentHost()
  const begun = performance.now()
  expect(await new Reach({}, 200).isReachable(silent)).toBe(false)
  expect(performance.now() - begun).toBeLessThan(1500)
})

it('does not judge what only a proxy reaches, nor what is no host', async () => {
  const closed = new URL('http://127.0.0.1:9/')
  expect(await new Reach({ https_proxy: 'http://proxy.example' }, 100).isReachable(closed)).toBe(true)
  expect(await new Reach({}, 100).isReachable(new URL('file:/srv/mirror'))).toBe(true)
})
