import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { statusAsker } from './ask-status.ts'

let server: Server
let asked: (string | undefined)[] = []

beforeEach(async () => {
  asked = []
  server = createServer(({ url }, response) => {
    asked.push(url)
    if (url === '/quick') response.writeHead(418).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function question(path: string, withinMs: number) {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, path, withinMs, headers: {}, signal: new AbortController().signal }
}

it('tells the status, and of whom it asked in vain that it is slow', async () => {
  const ask = statusAsker({ timeoutMs: 1_000, connections: 1 })
  expect(await ask(question('/quick', 1_000))).toBe(418)
  expect(await ask(question('/slow', 50))).toBe('slow')
  expect(await ask(question('/quick', 1_000))).toBe(418)
})

it('calls nobody slow whom it could not ask', async () => {
  const ask = statusAsker({ timeoutMs: 1_000, connections: 1 })
  const first = ask(question('/slow', 200))
  await expect(ask(question('/never', 50))).rejects.toThrow('The question took longer than 0.05 s.')
  expect(await first).toBe('slow')
  expect(asked).toEqual(['/slow'])
})
