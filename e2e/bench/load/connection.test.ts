import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'

import { openConnection } from './connection.ts'

const ends: (() => void)[] = []
afterEach(() => ends.splice(0).forEach((end) => end()))

/** How many connections there were, and one to a server that answers so. */
async function connected(answer: (response: ServerResponse, number: number) => void) {
  let requests = 0
  let connections = 0
  const server = createServer((_, response) => answer(response, ++requests))
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const connection = await openConnection((server.address() as AddressInfo).port)
  ends.push(() => {
    connection.close()
    server.close()
  })
  const ask = async (): Promise<number> => connection.ask(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))
  return { ask, server, count: () => connections }
}

it('reads answers of known and of unknown length, one after another on one connection', async () => {
  const body = 'x'.repeat(300_000)
  const { ask, count } = await connected((response, number) => {
    if (number === 1) {
      response.writeHead(201, { 'content-length': body.length + 1 }).write(body)
      setTimeout(() => response.end('x'), 20)
    } else if (number === 2) response.writeHead(503, { 'content-length': 0 }).end()
    else {
      response.writeHead(200)
      response.write(body)
      setImmediate(() => response.end('0\r\n'))
    }
  })
  expect([await ask(), await ask(), await ask(), await ask()]).toEqual([201, 503, 200, 200])
  expect(count()).toBe(1)
})

it('fails when the server ends the connection instead', async () => {
  const { ask, server } = await connected(() => server.closeAllConnections())
  await expect(ask()).rejects.toThrow('The server closed the connection')
})
