import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'

import { execIn, type ExecOptions, type ExecProcess } from './exec.ts'
import { FakeClock } from './testing/fake-clock.ts'
import { fakeExecServer, type FakeExec } from './testing/fake-exec.ts'
import { errorOf } from './testing/transport-pair.ts'

const TARGET = { namespace: 'tenant', pod: 'web-1', container: 'web' }
const nonZero = (code: number) => ({
  status: 'Failure',
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
})

async function opened(
  options: Partial<ExecOptions> = {},
): Promise<{ process: ExecProcess; there: FakeExec; server: Awaited<ReturnType<typeof fakeExecServer>> }> {
  const server = await fakeExecServer()
  const [process, there] = await Promise.all([
    execIn(server.transport, TARGET, { command: ['cat'], ...options }),
    server.next(),
  ])
  return { process, there, server }
}

it('asks for the very container, with the command word by word', async () => {
  const { there } = await opened({ command: ['/bin/sh', '-c', 'echo "a&b"'], isTty: true })
  const url = new URL(there.request.url ?? '', 'http://x')
  expect(url.pathname).toBe('/api/v1/namespaces/tenant/pods/web-1/exec')
  expect(url.searchParams.getAll('command')).toEqual(['/bin/sh', '-c', 'echo "a&b"'])
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    container: 'web',
    tty: 'true',
    stderr: 'false',
  })
  expect(there.request.headers).toMatchObject({
    authorization: 'Bearer old',
    'sec-websocket-protocol': 'v5.channel.k8s.io',
  })
})

it.each(['../x', 'a/b', '', 'a?b', 'A'])('sends nothing of a pod called %j', async (pod) => {
  const server = await fakeExecServer()
  await expect(execIn(server.transport, { ...TARGET, pod }, { command: ['cat'] })).rejects.toThrow(
    /cannot be a name/,
  )
  expect(server.handshakes).toBe(0)
})

it('carries input, both outputs and the end of the input', async () => {
  const { process, there } = await opened()
  process.stdin.write('hello ')
  process.stdin.end('world')
  await expect.poll(() => there.got).toHaveLength(3)
  expect(there.got.slice(0, 2).map(({ channel, text: said }) => [channel, said])).toEqual([
    [0, 'hello '],
    [0, 'world'],
  ])
  expect(there.got[2]).toEqual({ channel: 255, text: '\0' })
  there.say(1, '')
  there.say(1, 'out')
  there.say(2, 'err')
  there.end({ status: 'Success' })
  expect(await Promise.all([text(process.stdout), text(process.stderr), process.exit])).toEqual([
    'out',
    'err',
    0,
  ])
})

it.each([1, 7, 137, 255])('gives the exit code %i as it is', async (code) => {
  const { process, there } = await opened()
  there.end(nonZero(code))
  expect(await process.exit).toBe(code)
})

it.each([
  ['a program that is not there', { status: 'Failure', code: 500, message: 'no such file' }, /no such file/],
  ['an exit code that is none', nonZero(NaN), /answered 500/],
])('tells of %s', async (_, status, message) => {
  const { process, there } = await opened()
  there.end(status)
  expect((await errorOf(process.exit)).message).toMatch(message)
})

it('tells that the connection broke, at once', async () => {
  const { process, there } = await opened()
  there.socket.terminate()
  expect(await errorOf(process.exit)).toMatchObject({ status: 0, reason: 'ConnectionFailed' })
  expect(await text(process.stdout)).toBe('')
})

it('says the size of the terminal, at first and when it changes', async () => {
  const { process, there } = await opened({ isTty: true, size: { columns: 80, rows: 24 } })
  process.resize({ columns: 120, rows: 40 })
  await expect.poll(() => there.got).toHaveLength(2)
  expect(there.got).toEqual([
    { channel: 4, text: '{"Width":80,"Height":24}' },
    { channel: 4, text: '{"Width":120,"Height":40}' },
  ])
})

it('pings every twenty seconds, and gives up a server that no longer answers', async () => {
  const clock = new FakeClock()
  const { process, there } = await opened({ clock })
  for (let pings = 1; pings <= 3; pings++) {
    await clock.advance(20_000)
    await expect.poll(() => there.pings).toBe(pings)
    // The pong is on its way back.
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  there.socket.pause()
  await clock.advance(20_000)
  await clock.advance(20_000)
  expect(await errorOf(process.exit)).toMatchObject({ reason: 'Silent' })
  await expect.poll(() => clock.pending).toBe(0)
})

it('does not take a server for dead whose container takes no input', async () => {
  const clock = new FakeClock()
  const { process, there } = await opened({ clock })
  there.socket.pause()
  process.stdin.write('typed into a program that does not read')
  for (let minutes = 0; minutes < 10; minutes++) await clock.advance(60_000)
  there.socket.resume()
  there.end(nonZero(3))
  expect(await process.exit).toBe(3)
})

it('holds little for a reader that stalls, and loses nothing', async () => {
  const { process, there } = await opened()
  const piece = Buffer.alloc(32 * 1024, 'y')
  let sent = 0
  const send = async (): Promise<void> => {
    for (; sent < 50 * 1024 * 1024; sent += piece.length)
      await new Promise<void>((resolve) =>
        there.socket.send(Buffer.concat([Buffer.of(1), piece]), () => resolve()),
      )
    there.end({ status: 'Success' })
  }
  const sending = send()
  let before = -1
  // What the kernel holds is taken, then nothing goes on.
  while (before !== sent) {
    before = sent
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  expect(sent).toBeLessThan(20 * 1024 * 1024)
  expect(process.stdout.readableLength).toBeLessThan(512 * 1024)
  let bytes = 0
  for await (const chunk of process.stdout as AsyncIterable<Buffer>) bytes += chunk.length
  await sending
  expect({ bytes, code: await process.exit }).toEqual({ bytes: 50 * 1024 * 1024, code: 0 })
})

it('takes input no faster than the server does', async () => {
  const { process, there } = await opened()
  there.socket.pause()
  let written = 0
  const piece = Buffer.alloc(64 * 1024)
  const write = async (): Promise<void> => {
    for (; written < 50 * 1024 * 1024; written += piece.length)
      if (!process.stdin.write(piece)) await new Promise((resolve) => process.stdin.once('drain', resolve))
  }
  const writing = write()
  let before = -1
  while (before !== written) {
    before = written
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  expect(written).toBeLessThan(20 * 1024 * 1024)
  there.socket.resume()
  await writing
})

it('ends with the reason of its signal, before it is open and after', async () => {
  const server = await fakeExecServer()
  const ending = new AbortController()
  const [process, there] = await Promise.all([
    execIn(server.transport, TARGET, { command: ['cat'], signal: ending.signal }),
    server.next(),
  ])
  const closed = new Promise((resolve) => there.socket.once('close', resolve))
  ending.abort(new Error('enough'))
  await expect(process.exit).rejects.toThrow('enough')
  await closed
  await expect(execIn(server.transport, TARGET, { command: ['cat'], signal: ending.signal })).rejects.toThrow(
    'enough',
  )
})

it('ends the shell that it leaves, and no other program', async () => {
  const shell = await opened({ isTty: true })
  const other = await opened()
  shell.process.close()
  other.process.close()
  await expect.poll(() => shell.there.socket.readyState).toBe(3)
  await expect.poll(() => other.there.socket.readyState).toBe(3)
  expect(shell.there.got).toEqual([
    { channel: 0, text: '\u0003' },
    { channel: 0, text: '\u0004\u0004' },
    { channel: 255, text: '\0' },
  ])
  expect(other.there.got).toEqual([])
  expect(await errorOf(shell.process.exit)).toMatchObject({ reason: 'Closed' })
})

it('says in the words of the API server why it refuses', async () => {
  const server = await fakeExecServer()
  const status = { kind: 'Status', code: 403, reason: 'Forbidden', message: 'pods "web-1" is forbidden' }
  server.refuse(403, JSON.stringify(status))
  const error = await errorOf(execIn(server.transport, TARGET, { command: ['cat'] }))
  expect(error).toMatchObject({ status: 403, reason: 'Forbidden' })
  expect(error.message).toContain('pods "web-1" is forbidden')
})

it('asks once more with new credentials', async () => {
  const server = await fakeExecServer()
  server.refuse(401)
  expect(await errorOf(execIn(server.transport, TARGET, { command: ['cat'] }))).toMatchObject({ status: 401 })
  expect(server.handshakes).toBe(2)
})

it('does not wait longer than its time for a handshake', async () => {
  const clock = new FakeClock()
  const server = await fakeExecServer({ clock })
  server.refuse(0)
  const refused = errorOf(execIn(server.transport, TARGET, { command: ['cat'] }))
  await expect.poll(() => server.handshakes).toBe(1)
  await clock.advance(10_000)
  expect(await refused).toMatchObject({ status: 0, reason: 'Timeout' })
  expect(clock.pending).toBe(0)
})
