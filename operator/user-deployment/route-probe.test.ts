import { createServer, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { selfSigned } from '../../src/kubernetes/testing/certificates.ts'
import { createRouteProbe } from './route-probe.ts'

let server: Server
let asked: string[] = []
let statuses: number[] = []
let nowMs = 0

beforeEach(async () => {
  asked = []
  statuses = [200]
  nowMs = 0
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers.host}${request.url}`)
    response.writeHead(statuses.length > 1 ? (statuses.shift() ?? 200) : (statuses[0] ?? 200))
    response.end('an answer')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const question = { host: 'abc.apps.localhost', path: '/readyz', overTls: false }
const { signal } = new AbortController()
const probe = () => {
  const { port } = server.address() as AddressInfo
  return createRouteProbe({ plain: new URL(`http://127.0.0.1:${port}`) }, () => nowMs)
}

it('asks for the app by its host name and believes what only an app says', async () => {
  expect(await probe().answers(question, signal)).toBe(true)
  expect(asked).toEqual(['GET abc.apps.localhost/readyz'])
})

it.each([200, 204, 301, 401, 500])('takes %s for an answer', async (status) => {
  statuses = [status]
  expect(await probe().answers(question, signal)).toBe(true)
})

it.each([404, 502, 503, 504])('asks again after %s, which the controller says itself', async (status) => {
  statuses = [status, status, 200]
  expect(await probe().answers(question, signal)).toBe(true)
  expect(asked).toHaveLength(3)
})

it('gives up for now when it stays so, and believes it after five seconds', async () => {
  statuses = [404]
  const patient = probe()
  expect(await patient.answers(question, signal)).toBe(false)
  nowMs = 4_999
  expect(await patient.answers(question, signal)).toBe(false)
  nowMs = 5_000
  expect(await patient.answers(question, signal)).toBe(true)
})

it('begins anew with what was asked long ago', async () => {
  statuses = [503]
  const patient = probe()
  expect(await patient.answers(question, signal)).toBe(false)
  nowMs = 120_000
  expect(await patient.answers(question, signal)).toBe(false)
})

it('never takes silence for an answer', async () => {
  const { port } = server.address() as AddressInfo
  const lonely = createRouteProbe({ plain: new URL(`http://127.0.0.1:${port}`) }, () => nowMs)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(await lonely.answers(question, signal)).toBe(false)
  nowMs = 10_000
  expect(await lonely.answers(question, signal)).toBe(false)
})

it('goes nowhere else, whatever the path says', async () => {
  await probe().answers({ ...question, path: '//elsewhere.example.com/x' }, signal)
  expect(asked).toEqual(['GET abc.apps.localhost//elsewhere.example.com/x'])
})

it('asks over TLS what is not told without it, whatever certificate there is', async () => {
  const names: unknown[] = []
  const hosts: unknown[] = []
  const secure = createSecureServer(await selfSigned('of-somebody-else'), ({ socket, headers }, response) => {
    names.push((socket as TLSSocket).servername)
    hosts.push(headers.host)
    response.end()
  })
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
  const [plain, tls] = [server, secure].map((each) => (each.address() as AddressInfo).port)
  const entryPoints = {
    plain: new URL(`http://127.0.0.1:${plain}`),
    tls: new URL(`https://127.0.0.1:${tls}`),
  }
  const both = createRouteProbe(entryPoints, () => nowMs)
  expect(await both.answers({ ...question, overTls: true }, signal)).toBe(true)
  expect(await both.answers({ ...question, overTls: true, port: 8443 }, signal)).toBe(true)
  expect(names).toEqual([question.host, question.host])
  expect(hosts).toEqual([question.host, `${question.host}:8443`])
  expect(asked).toEqual([])
  expect(await both.answers(question, signal)).toBe(true)
  expect(asked).toHaveLength(1)
  secure.closeAllConnections()
  await new Promise((resolve) => secure.close(resolve))
})

it('asks without TLS where it knows of no other way', async () => {
  statuses = [308]
  expect(await probe().answers({ ...question, overTls: true }, signal)).toBe(true)
})

it('ends with its signal', async () => {
  statuses = [404]
  const stop = new AbortController()
  const asking = probe().answers(question, stop.signal)
  stop.abort()
  await expect(asking).rejects.toThrow('aborted')
})
