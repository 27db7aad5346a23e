import { createServer, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { selfSigned } from '../../src/kubernetes/testing/certificates.ts'
import type { RouteQuestion } from './checks/route.ts'
import { createRouteProbe, type EntryPoints } from './route-probe.ts'

let server: Server
let asked: string[] = []
let statuses: number[] = []
let nowMs = 0
/** Takes questions and says nothing. */
let isSilent = false
let onAsked: () => void

beforeEach(async () => {
  asked = []
  statuses = [200]
  nowMs = 0
  isSilent = false
  onAsked = () => undefined
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers.host}${request.url}`)
    onAsked()
    if (isSilent) return
    response.writeHead(statuses.length > 1 ? (statuses.shift() ?? 200) : (statuses[0] ?? 200))
    response.end('an answer')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await closed(server)
})

const question = { host: 'abc.apps.localhost', path: '/readyz', overTls: false }
const { signal } = new AbortController()
const monotonicMs = () => nowMs
const probing = (entryPoints: EntryPoints, lookMs = 2_000) => {
  const probe = createRouteProbe(entryPoints, { connections: 8, lookMs, monotonicMs })
  const isAnswered = async (...questions: RouteQuestion[]) =>
    (await probe.firstUnanswered(questions, signal)) === undefined
  return { ...probe, isAnswered }
}
const probe = (lookMs?: number) => probing({ plain: originOf(server) }, lookMs)
const originOf = (listening: Server, scheme = 'http') =>
  new URL(`${scheme}://127.0.0.1:${(listening.address() as AddressInfo).port}`)
const closed = async (listening: Server) => {
  listening.closeAllConnections()
  await new Promise((resolve) => listening.close(resolve))
}

it('asks for the app by its host name and believes what only an app says', async () => {
  expect(await probe().isAnswered(question)).toBe(true)
  expect(asked).toEqual(['GET abc.apps.localhost/readyz'])
})

it.each([200, 204, 301, 401, 500])('takes %s for an answer', async (status) => {
  statuses = [status]
  expect(await probe().isAnswered(question)).toBe(true)
})

it.each([404, 502, 503, 504])('asks again after %s, which the controller says itself', async (status) => {
  statuses = [status, status, 200]
  expect(await probe().isAnswered(question)).toBe(true)
  expect(asked).toHaveLength(3)
})

it('gives up for now when it stays so, and believes it after five seconds', async () => {
  statuses = [404]
  const patient = probe()
  expect(await patient.isAnswered(question)).toBe(false)
  nowMs = 4_999
  expect(await patient.isAnswered(question)).toBe(false)
  nowMs = 5_000
  expect(await patient.isAnswered(question)).toBe(true)
})

it('names the first address that nobody answers', async () => {
  statuses = [200, 404]
  const other = { ...question, host: 'shop.example.com' }
  expect(await probe().firstUnanswered([question, other], signal)).toBe(other)
})

it('believes all names of one app when it believes one', async () => {
  statuses = [404]
  const names = Array.from({ length: 21 }, (_, at) => ({ ...question, host: `${at}.example.com` }))
  const patient = probe()
  expect(await patient.isAnswered(...names)).toBe(false)
  nowMs = 5_000
  expect(await patient.isAnswered(...names)).toBe(true)
  expect(asked).toHaveLength(10 + 21)
  expect(await patient.isAnswered(...names)).toBe(false)
})

it('asks an app once a look that takes longer than it has, and believes after five seconds that it is one', async () => {
  isSilent = true
  const other = { ...question, host: 'shop.example.com' }
  const patient = probe(50)
  expect(await patient.isAnswered(question, other)).toBe(false)
  nowMs = 5_000
  expect(await patient.isAnswered(question, other)).toBe(true)
  expect(asked).toEqual(['GET abc.apps.localhost/readyz', 'GET abc.apps.localhost/readyz'])
})

it('keeps a look to its time, however many answers that makes', async () => {
  statuses = [404]
  onAsked = () => (nowMs += 700)
  expect(await probe().isAnswered(question)).toBe(false)
  expect(asked).toHaveLength(3)
})

it('believes an app with more names than can be asked in one look', async () => {
  onAsked = () => (nowMs += 700)
  const names = Array.from({ length: 21 }, (_, at) => ({ ...question, host: `${at}.example.com` }))
  const patient = probe()
  expect(await patient.isAnswered(...names)).toBe(false)
  expect(asked).toHaveLength(3)
  nowMs += 5_000
  expect(await patient.isAnswered(...names)).toBe(true)
})

it('begins anew with what was asked long ago', async () => {
  statuses = [503]
  const patient = probe()
  expect(await patient.isAnswered(question)).toBe(false)
  nowMs = 120_000
  expect(await patient.isAnswered(question)).toBe(false)
})

it('never takes silence for an answer', async () => {
  const lonely = probe()
  await closed(server)
  expect(await lonely.isAnswered(question)).toBe(false)
  nowMs = 10_000
  expect(await lonely.isAnswered(question)).toBe(false)
})

it('goes nowhere else, whatever the path says', async () => {
  await probe().isAnswered({ ...question, path: '//elsewhere.example.com/x' })
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
  const both = probing({ plain: originOf(server), tls: originOf(secure, 'https') })
  expect(await both.isAnswered({ ...question, overTls: true })).toBe(true)
  expect(await both.isAnswered({ ...question, overTls: true, port: 8443 })).toBe(true)
  expect(names).toEqual([question.host, question.host])
  expect(hosts).toEqual([question.host, `${question.host}:8443`])
  expect(asked).toEqual([])
  expect(await both.isAnswered(question)).toBe(true)
  expect(asked).toHaveLength(1)
  await closed(secure)
})

it('asks without TLS where it knows of no other way', async () => {
  statuses = [308]
  expect(await probe().isAnswered({ ...question, overTls: true })).toBe(true)
})

it('ends with its signal', async () => {
  statuses = [404]
  const stop = new AbortController()
  const asking = probe().firstUnanswered([question], stop.signal)
  stop.abort()
  await expect(asking).rejects.toThrow('aborted')
})
