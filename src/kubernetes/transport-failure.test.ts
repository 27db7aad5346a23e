import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { json, refuse, startFakeServer } from './testing/fake-server.ts'
import { errorOf, GET_PODS, serverAndTransport, transportTo } from './testing/transport-pair.ts'

it('turns a Status into an error with its words', async () => {
  const { server, transport } = await serverAndTransport()
  server.answer((_, response) => {
    refuse(response, 404, {
      reason: 'NotFound',
      message: 'pods "x" not found',
      details: { name: 'x', kind: 'pods' },
    })
  })
  const error = await errorOf(transport.request(GET_PODS))
  expect(error).toMatchObject({ status: 404, reason: 'NotFound', details: { name: 'x', kind: 'pods' } })
  expect(error.message).toBe('GET /api/v1/namespaces/a/pods was answered 404: pods "x" not found')
})

it.each([
  [502, '<html>Bad Gateway</html>', 'Unknown'],
  [403, '', 'Forbidden'],
  [500, '{"half', 'InternalError'],
])('turns %i with the body %j into an error', async (status, body, reason) => {
  const { server, transport } = await serverAndTransport()
  server.answer((_, response) => void response.writeHead(status).end(body))
  const error = await errorOf(transport.request(GET_PODS))
  expect(error).toMatchObject({ status, reason })
  expect(error.message).toContain(body)
})

it('calls an answer that is no JSON an invalid one', async () => {
  const { server, transport } = await serverAndTransport()
  server.answer((_, response) => void response.writeHead(200).end('{"items": [{"a"'))
  expect(await errorOf(transport.request(GET_PODS))).toMatchObject({ status: 0, reason: 'InvalidAnswer' })
})

it('gives up waiting for headers, and for a body that stops', async () => {
  const { server, transport } = await serverAndTransport()
  server.answer(() => {})
  const silent = await errorOf(transport.request({ ...GET_PODS, timeoutMs: 50 }))
  expect(silent).toMatchObject({ status: 0, reason: 'Timeout' })
  expect(silent.message).toBe('GET /api/v1/namespaces/a/pods was not answered within 0.05 s.')
  server.answer((_, response) => void response.writeHead(200).write('{"half'))
  expect(await errorOf(transport.request({ ...GET_PODS, timeoutMs: 50 }))).toMatchObject({
    reason: 'Timeout',
  })
  // What was given up does not hold its connection.
  await expect.poll(() => server.open).toBe(0)
})

it('gives up waiting for credentials', async () => {
  const server = await startFakeServer()
  const never = async (): Promise<never> => new Promise(() => {})
  const transport = transportTo(server, { credentials: { ...server.credentials(), current: never } })
  expect(await errorOf(transport.request({ ...GET_PODS, timeoutMs: 20 }))).toMatchObject({
    reason: 'Timeout',
  })
})

it('throws the reason of the caller who gave up, before and during the call', async () => {
  const { server, transport } = await serverAndTransport()
  server.answer(() => {})
  const reason = new Error('enough')
  const controller = new AbortController()
  const call = transport.request({ ...GET_PODS, signal: controller.signal })
  await expect.poll(() => server.asked.length).toBe(1)
  controller.abort(reason)
  await expect(call).rejects.toBe(reason)
  await expect(transport.request({ ...GET_PODS, signal: controller.signal })).rejects.toBe(reason)
  expect(server.asked).toHaveLength(1)
})

it('leaves nothing on a signal that outlives many calls', async () => {
  const { transport } = await serverAndTransport()
  const controller = new AbortController()
  let listeners = 0
  const { addEventListener, removeEventListener } = controller.signal
  controller.signal.addEventListener = function add(...args: Parameters<typeof addEventListener>) {
    listeners++
    addEventListener.apply(this, args)
  }
  controller.signal.removeEventListener = function remove(...args: Parameters<typeof removeEventListener>) {
    listeners--
    removeEventListener.apply(this, args)
  }
  for (let call = 0; call < 20; call++) await transport.request({ ...GET_PODS, signal: controller.signal })
  expect(listeners).toBe(0)
})

it('waits as an overloaded server asks, a few times', async () => {
  const { server, transport } = await serverAndTransport()
  let refusals = 2
  server.answer((_, response) => {
    if (refusals-- > 0) response.writeHead(429, { 'retry-after': '0' }).end('slow down')
    else json(response, 200, { done: true })
  })
  await expect(transport.request({ ...GET_PODS, method: 'POST', body: {} })).resolves.toEqual({ done: true })
  expect(transport.counts).toMatchObject({ requests: 3, retries: 2 })
  refusals = Number.POSITIVE_INFINITY
  const error = await errorOf(transport.request(GET_PODS))
  expect(error).toMatchObject({ status: 429, details: { retryAfterSeconds: 0 } })
  expect(server.asked).toHaveLength(3 + 4)
})

it('can be called off while it waits', async () => {
  const { server, transport } = await serverAndTransport()
  server.answer((_, response) => void response.writeHead(429, { 'retry-after': '5' }).end())
  const controller = new AbortController()
  const call = transport.request({ ...GET_PODS, signal: controller.signal })
  await expect.poll(() => server.asked.length).toBe(1)
  await sleep(10)
  controller.abort(new Error('enough'))
  await expect(call).rejects.toThrow('enough')
})

it.each([
  ['names no time', {}, {}],
  ['asks for a minute', { 'retry-after': '60' }, {}],
  [
    'speaks of a disruption budget',
    { 'retry-after': '1' },
    { details: { causes: [{ reason: 'DisruptionBudget' }] } },
  ],
])('passes on a 429 that %s', async (_, headers, status) => {
  const { server, transport } = await serverAndTransport()
  server.answer((__, response) => {
    response.writeHead(429, headers).end(JSON.stringify({ kind: 'Status', code: 429, ...status }))
  })
  expect(await errorOf(transport.request(GET_PODS))).toMatchObject({ status: 429 })
  expect(server.asked).toHaveLength(1)
})

it('repeats a read whose connection was lost, and no write', async () => {
  const { server, transport } = await serverAndTransport()
  let losses = 1
  server.answer((_, response) => {
    if (losses-- > 0) response.destroy()
    else json(response, 200, { there: true })
  })
  await expect(transport.request(GET_PODS)).resolves.toEqual({ there: true })
  losses = 1
  const error = await errorOf(transport.request({ ...GET_PODS, method: 'PATCH', body: {} }))
  expect(error).toMatchObject({ status: 0, reason: 'ConnectionFailed' })
})

it('says that nobody is there', async () => {
  const { server, transport } = await serverAndTransport()
  await server.close()
  const error = await errorOf(transport.request(GET_PODS))
  expect(error).toMatchObject({ status: 0, reason: 'ConnectionFailed' })
  expect(error.message).toContain('ECONNREFUSED')
})
