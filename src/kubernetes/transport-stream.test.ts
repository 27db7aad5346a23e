import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { collect } from './testing/collect.ts'
import { json } from './testing/fake-server.ts'
import { FakeClock } from './testing/fake-clock.ts'
import { errorOf, GET_PODS, serverAndTransport } from './testing/transport-pair.ts'

it('streams a body as it comes, with a time-out for its headers only', async () => {
  const clock = new FakeClock()
  const { server, transport } = await serverAndTransport({ clock })
  const hourLater = Promise.withResolvers<void>()
  server.answer(async (_, response) => {
    response.writeHead(200).write('one')
    await hourLater.promise
    response.end('two')
  })
  const { status, body } = await transport.stream(GET_PODS)
  await clock.advance(3_600_000)
  hourLater.resolve()
  const chunks = await collect(body)
  expect({ status, text: chunks.join('') }).toEqual({ status: 200, text: 'onetwo' })

  server.answer(() => {})
  const silent = errorOf(transport.stream(GET_PODS))
  await expect.poll(() => server.asked.length).toBe(2)
  await clock.advance(10_000)
  expect(await silent).toMatchObject({ reason: 'Timeout' })
  expect(clock.pending).toBe(0)
})

it('ends the connection of a stream that its reader leaves', async () => {
  const { server, transport } = await serverAndTransport()
  server.answer((_, response) => void response.writeHead(200).write('one'))
  const { body } = await transport.stream(GET_PODS)
  for await (const chunk of body) {
    expect(String(chunk)).toBe('one')
    break
  }
  await expect.poll(() => server.open).toBe(0)
})

it('tells a stream that its connection broke, and that its caller gave up', async () => {
  const { server, transport } = await serverAndTransport()
  server.answer((_, response) => void response.writeHead(200).write('one'))
  const broken = await transport.stream(GET_PODS)
  const reading = errorOf(collect(broken.body))
  await sleep(10)
  server.cut()
  expect(await reading).toMatchObject({ status: 0, reason: 'ConnectionFailed' })

  const controller = new AbortController()
  const stopped = await transport.stream({ ...GET_PODS, signal: controller.signal })
  const reading2 = collect(stopped.body)
  await sleep(10)
  controller.abort(new Error('enough'))
  await expect(reading2).rejects.toThrow('enough')
})

it('does not let streams take the place of calls', async () => {
  const { server, transport } = await serverAndTransport()
  server.answer(({ query }, response) => {
    if (query.has('watch')) response.writeHead(200).write('x')
    else json(response, 200, {})
  })
  const streams = Array.from({ length: 40 }, async () =>
    transport.stream({ ...GET_PODS, query: { watch: true } }),
  )
  await Promise.all(streams)
  await expect(transport.request(GET_PODS)).resolves.toEqual({})
})

it('ends everything when it is closed', async () => {
  const { server, transport } = await serverAndTransport()
  server.answer((_, response) => void response.writeHead(200).write('x'))
  const { body } = await transport.stream(GET_PODS)
  const reading = errorOf(collect(body))
  await sleep(10)
  await transport.close()
  expect(await reading).toMatchObject({ status: 0 })
  expect(await errorOf(transport.request(GET_PODS))).toMatchObject({ reason: 'Closed' })
  await expect.poll(() => server.open).toBe(0)
})
