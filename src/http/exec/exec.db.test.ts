/** Terminals by the SDK, with a container in memory: who may, what is written down, and how they end. */
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, describe, expect, it, vi } from 'vitest'

import { EXEC_WINDOW_BYTES } from '../../contract/byte-window.ts'
import type { DeploymentId } from '../../contract/ids.ts'
import { AppError } from '../../errors.ts'
import type { FakeProgram } from '../../ports/kube/fake-exec.ts'
import { createClient, type Client } from '../../sdk/create-client.ts'
import { aMember, aTenant, type Tenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { aPod, putPods } from '../../testing/pods.ts'
import { useWebServer } from '../../testing/web-server.ts'
import { TERMINALS, useWorld } from '../../testing/world.ts'

const world = useWorld({ terminals: { ...TERMINALS, perUser: 3, warnMs: 700, tickMs: 100, idleMs: 3_000 } })
const web = useWebServer(world)
let tenant: Tenant
let client: Client
let id: DeploymentId

beforeAll(async () => {
  tenant = await aTenant(world.db)
  client = createClient({ url: web.url, cookie: await web.cookieOf(tenant.userId) })
  id = await deployed(world, tenant)
  putPods(world, { id, tenant }, [
    aPod('old', { createdAt: new Date(1_000) }),
    aPod('ready', { createdAt: new Date(2_000) }),
    aPod('starting', { createdAt: new Date(3_000), isReady: false }),
    aPod('going', { createdAt: new Date(4_000), isTerminating: true }),
    aPod('other', { createdAt: new Date(1_000), service: 'api' }),
  ])
})

/** Opened by the SDK, with the program on its other side. */
async function opened(by: Client = client, options: Parameters<Client['terminal']>[1] = {}) {
  const before = world.kube.programs.length
  const terminal = await by.terminal(id, options)
  const program = world.kube.programs[before]
  if (!program) throw new Error('There is no program.')
  const shown = { text: '' }
  const reading = (async () => {
    for await (const bytes of terminal.output) shown.text += Buffer.from(bytes).toString('utf8')
  })()
  return { terminal, program, shown, reading }
}

const typedIn = ({ input }: FakeProgram): string => String((input.read() as Buffer | null) ?? '')
const audited = async () =>
  world.db.prisma.auditEvent.findMany({
    where: { action: 'exec:open', targetId: id },
    orderBy: { at: 'asc' },
  })

it('carries what is typed and shown, sizes and the exit code, and writes one row of the audit', async () => {
  const before = (await audited()).length
  const { terminal, program, shown, reading } = await opened(client, {
    service: 'web',
    columns: 91,
    rows: 33,
  })
  expect(terminal.place).toMatchObject({ service: 'web', pod: 'ready', container: 'web' })
  expect(program.size).toEqual({ columns: 91, rows: 33 })
  await terminal.write('secret-typed\n')
  await vi.waitFor(() => expect(typedIn(program)).toBe('secret-typed\n'), 5_000)
  program.output.write('grüß dich')
  await vi.waitFor(() => expect(shown.text).toBe('grüß dich'), 5_000)
  terminal.resize({ columns: 10, rows: 5 })
  await vi.waitFor(() => expect(program.size).toMatchObject({ columns: 10, rows: 5 }), 5_000)
  program.end(7)
  expect(await terminal.exit).toBe(7)
  await reading
  const rows = (await audited()).slice(before)
  expect(rows).toMatchObject([
    {
      actorId: tenant.userId,
      orgId: tenant.orgId,
      detail: { service: 'web', pod: 'ready', container: 'web', command: expect.stringContaining('/bin/sh') },
      ip: '127.0.0.1',
    },
  ])
  expect(JSON.stringify(rows)).not.toContain('secret-typed')
})

describe('the pod', () => {
  it.each([
    ['the newest that is ready of the service', { service: 'web' }, 'ready'],
    ['the one that is named, ready or not', { pod: 'starting' }, 'starting'],
    ['that of another service', { service: 'api' }, 'other'],
  ])('is %s', async (_, options, wanted) => {
    const { terminal, program } = await opened(client, options)
    expect(program.source).toMatchObject({ pod: wanted, container: 'web' })
    terminal.close()
    await vi.waitFor(() => expect(program.isLeft).toBe(true), 5_000)
  })

  it.each([
    ['one that goes', { pod: 'going' }, 'NOTHING_RUNS'],
    ['a service of which nothing runs', { service: 'db' }, 'NOTHING_RUNS'],
    ['one that is not there', { pod: 'absent' }, 'NOT_FOUND'],
    ['a name that is none', { pod: '../x' }, 'INVALID_INPUT'],
    ['a size that is none', { columns: 0 }, 'INVALID_INPUT'],
  ])('is never %s', async (_, options, code) => {
    await expect(client.terminal(id, options)).rejects.toMatchObject({ code })
  })

  it('is never one of another deployment, although it is in the same namespace', async () => {
    const neighbour = await deployed(world, tenant)
    putPods(world, { id: neighbour, tenant }, [aPod('neighbour')])
    await expect(client.terminal(id, { pod: 'neighbour' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('can be chosen from a list', async () => {
    const { pods } = await client.api.exec.pods.query({ id })
    expect(pods).toEqual([
      { pod: 'starting', service: 'web', isReady: false },
      { pod: 'ready', service: 'web', isReady: true },
      { pod: 'other', service: 'api', isReady: true },
      { pod: 'old', service: 'web', isReady: true },
    ])
  })
})

it('says of an image without a shell that it has none', async () => {
  const { terminal, program } = await opened()
  program.break(new AppError('PROGRAM_MISSING', {}))
  await expect(terminal.exit).rejects.toMatchObject({
    code: 'PROGRAM_MISSING',
    message: expect.stringContaining('no shell'),
    requestId: expect.stringMatching(/^req_/),
  })
})

it('lets a viewer know that she may not, and a stranger nothing', async () => {
  const viewer = await aMember(world.db, tenant, { team: 'viewer' })
  const other = await aTenant(world.db)
  const as = async (userId: typeof viewer): Promise<Client> =>
    createClient({ url: web.url, cookie: await web.cookieOf(userId) })
  await expect((await as(viewer)).terminal(id)).rejects.toMatchObject({ code: 'FORBIDDEN', status: 403 })
  await expect((await as(other.userId)).terminal(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('gives each user so many at once, and a place back when one is closed', async () => {
  const userId = await aMember(world.db, tenant, { team: 'developer' })
  const developer = createClient({ url: web.url, cookie: await web.cookieOf(userId) })
  const open = [await opened(developer), await opened(developer), await opened(developer)]
  await expect(developer.terminal(id)).rejects.toMatchObject({ code: 'TOO_MANY_TERMINALS', status: 429 })
  open[0]?.terminal.close()
  await vi.waitFor(async () => open.push(await opened(developer)), 5_000)
  for (const { terminal } of open) terminal.close()
  await vi.waitFor(() => expect(web.server.terminals.size).toBe(0), 5_000)
})

it('closes what is idle, after a warning, and not what is used', async () => {
  const notices: string[] = []
  const idle = await opened(client, { onNotice: (sentence) => notices.push(sentence) })
  const used = await opened()
  const typing = setInterval(() => void used.terminal.write('x').catch(() => undefined), 200)
  await expect(idle.terminal.exit).rejects.toMatchObject({ code: 'TERMINAL_IDLE' })
  clearInterval(typing)
  expect(notices).toHaveLength(1)
  expect(used.program.isLeft).toBe(false)
  used.terminal.close()
})

it('holds little of a container that says much to a reader that stalls, and nothing is lost', async () => {
  const before = world.kube.programs.length
  const terminal = await client.terminal(id)
  const program = world.kube.programs[before] as FakeProgram
  const piece = Buffer.alloc(64 * 1024, 'y')
  let said = 0
  const speaking = (async () => {
    for (; said < 20 * 1024 * 1024; said += piece.length)
      if (!program.output.write(piece)) await once(program.output, 'drain')
    program.end(0)
  })()
  let seen = -1
  while (seen !== said) {
    seen = said
    await delay(200)
  }
  expect(said).toBeLessThan(2 * EXEC_WINDOW_BYTES)
  let bytes = 0
  for await (const chunk of terminal.output) bytes += chunk.length
  await speaking
  expect([bytes, await terminal.exit]).toEqual([20 * 1024 * 1024, 0])
})

it('takes no more input than the container does, and all of it in the end', async () => {
  const { terminal, program } = await opened()
  const pasted = Buffer.alloc(3 * 1024 * 1024, 'p')
  let isWritten = false
  const writing = terminal.write(pasted).then(() => (isWritten = true))
  await delay(500)
  expect(isWritten).toBe(false)
  expect(program.input.readableLength + program.input.writableLength).toBeLessThan(2 * EXEC_WINDOW_BYTES)
  let bytes = 0
  program.input.on('data', (chunk: Buffer) => (bytes += chunk.length))
  await writing
  await vi.waitFor(() => expect(bytes).toBe(pasted.length), 5_000)
  terminal.close()
})

it('warns those who have one before the server goes down, and lets nobody in meanwhile', async () => {
  const notices: string[] = []
  const { terminal, program } = await opened(client, { onNotice: (sentence) => notices.push(sentence) })
  const from = performance.now()
  const draining = web.server.terminals.drain()
  await vi.waitFor(() => expect(notices).toEqual([expect.stringContaining('being restarted')]), 5_000)
  await expect(client.terminal(id)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
  program.output.write('still there')
  await expect(terminal.exit).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
  expect(performance.now() - from).toBeGreaterThan(600)
  await draining
  expect(web.server.terminals.size).toBe(0)
})
