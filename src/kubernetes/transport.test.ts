import { expect, it } from 'vitest'
import { selfSigned } from './testing/certificates.ts'
import { json, refuse, startFakeServer } from './testing/fake-server.ts'
import { errorOf, GET_PODS, PODS, serverAndTransport, transportTo } from './testing/transport-pair.ts'

it('sends method, path, query, body and headers as they are', async () => {
  const { server, transport } = await serverAndTransport({ userAgent: 'shipyard-test' })
  server.answer((_, response) => json(response, 200, { ok: 1 }))
  const answer = await transport.request({
    method: 'PATCH',
    path: PODS,
    query: { limit: 0, force: false, absent: undefined, labelSelector: 'a=b,c' },
    body: { spec: {} },
    contentType: 'application/apply-patch+yaml',
  })
  expect(answer).toEqual({ ok: 1 })
  const [asked] = server.asked
  expect(asked).toMatchObject({ method: 'PATCH', path: '/api/v1/namespaces/a/pods', body: '{"spec":{}}' })
  expect(asked?.url).toBe('/api/v1/namespaces/a/pods?limit=0&force=false&labelSelector=a%3Db%2Cc')
  expect(asked?.headers).toMatchObject({
    'content-type': 'application/apply-patch+yaml',
    accept: 'application/json',
    'user-agent': 'shipyard-test',
  })
})

it('answers undefined for an empty body', async () => {
  const { server, transport } = await serverAndTransport()
  server.answer((_, response) => void response.writeHead(200).end())
  await expect(transport.request(GET_PODS)).resolves.toBeUndefined()
})

it('makes one handshake for many calls one after the other', async () => {
  const tls = await selfSigned('server')
  const server = await startFakeServer({ tls })
  const transport = transportTo(server)
  for (let call = 0; call < 50; call++) await transport.request(GET_PODS)
  expect(server.connections).toBe(1)
  expect(transport.counts).toMatchObject({ handshakes: 1, requests: 50, retries: 0 })
})

it('makes at most 16 handshakes for 500 calls at once', async () => {
  const tls = await selfSigned('server')
  const server = await startFakeServer({ tls })
  const transport = transportTo(server)
  await Promise.all(Array.from({ length: 500 }, async () => transport.request(GET_PODS)))
  expect(transport.counts.handshakes).toBeLessThanOrEqual(16)
  expect(server.connections).toBe(transport.counts.handshakes)
})

it('refuses a server whose certificate nobody vouches for', async () => {
  const [tls, other] = [await selfSigned('server'), await selfSigned('other')]
  const server = await startFakeServer({ tls })
  const credentials = server.credentials({ tls: { ca: Buffer.from(other.cert) } })
  const transport = transportTo(server, { credentials })
  expect(await errorOf(transport.request(GET_PODS))).toMatchObject({ status: 0, reason: 'ConnectionFailed' })
  expect(server.asked).toEqual([])
})

it('shows a client certificate', async () => {
  const [tls, client] = [await selfSigned('server'), await selfSigned('client')]
  const server = await startFakeServer({ tls, clientCert: client.cert })
  const material = { ca: Buffer.from(tls.cert), cert: client.cert, key: client.key }
  const transport = transportTo(server, { credentials: server.credentials({ tls: material }) })
  await expect(transport.request(GET_PODS)).resolves.toEqual({})
})

it('asks for fresh credentials once when the ones it has are refused', async () => {
  const server = await startFakeServer()
  server.answer(({ headers }, response) => {
    if (headers.authorization === 'Bearer new') json(response, 200, {})
    else refuse(response, 401, { reason: 'Unauthorized' })
  })
  let token = 'old'
  const current = async (now?: boolean): Promise<{ tls: object; headers: Record<string, string> }> => {
    if (now) token = 'new'
    return { tls: {}, headers: { authorization: `Bearer ${token}` } }
  }
  const transport = transportTo(server, { credentials: { ...server.credentials(), current } })
  await expect(transport.request(GET_PODS)).resolves.toEqual({})
  server.answer((_, response) => refuse(response, 401, { reason: 'Unauthorized' }))
  expect(await errorOf(transport.request(GET_PODS))).toMatchObject({ status: 401 })
  expect(server.asked).toHaveLength(4)
})

it('takes new connections for new certificates, and ends calls under way over the old ones', async () => {
  const tls = await selfSigned('server')
  const server = await startFakeServer({ tls })
  let material = { ca: Buffer.from(tls.cert) }
  const current = async (): Promise<{ tls: object; headers: Record<string, string> }> => ({
    tls: material,
    headers: {},
  })
  const transport = transportTo(server, { credentials: { ...server.credentials(), current } })
  const finish = Promise.withResolvers<void>()
  server.answer(async (_, response) => {
    if (server.asked.length === 1) await finish.promise
    json(response, 200, { call: server.asked.length })
  })
  const slow = transport.request(GET_PODS)
  await expect.poll(() => server.asked.length).toBe(1)
  material = { ca: Buffer.from(tls.cert) }
  await expect(transport.request(GET_PODS)).resolves.toEqual({ call: 2 })
  expect(transport.counts.handshakes).toBe(2)
  finish.resolve()
  await expect(slow).resolves.toEqual({ call: 2 })
  await expect.poll(() => server.open).toBe(1)
})

it('sends nothing of a call that is kept back, says the reason as it was, and goes on with others', async () => {
  const { server, transport } = await serverAndTransport()
  const reason = new Error('not now')
  const beforehand = (): void => {
    throw reason
  }
  await expect(transport.request({ ...GET_PODS, beforehand })).rejects.toBe(reason)
  expect(server.asked).toEqual([])
  await transport.request({ ...GET_PODS, beforehand: () => undefined })
  expect(server.asked).toHaveLength(1)
})

it('asks when a connection is free, not when the call is made', async () => {
  const { server, transport } = await serverAndTransport()
  const free = Promise.withResolvers<undefined>()
  server.answer(async (_, response) => {
    await free.promise
    json(response, 200, {})
  })
  const before = Array.from({ length: 16 }, async () => transport.request(GET_PODS))
  let mayGo = true
  const beforehand = (): void => {
    if (!mayGo) throw new Error('too late')
  }
  const late = transport.request({ ...GET_PODS, beforehand }).catch((error: unknown) => error)
  await expect.poll(() => server.asked.length).toBe(16)
  mayGo = false
  free.resolve(undefined)
  expect(await late).toMatchObject({ message: 'too late' })
  await Promise.all(before)
  expect(server.asked).toHaveLength(16)
})
