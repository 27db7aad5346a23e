/** Builds the hello program when Go is here and watches it from outside: signals, exit codes, readiness. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const BUILD_TIMEOUT_MS = 180_000
const GO = 'go'
const hasGo = spawnSync(GO, ['version'], { timeout: 10_000 }).status === 0
const source = join(import.meta.dirname, 'hello')

type Child = ChildProcessByStdio<null, Readable, null>

interface Hello {
  child: Child
  url: string
  lines: Record<string, unknown>[]
}

describe.skipIf(!hasGo)('the hello program (needs Go to be built)', () => {
  let folder = ''
  let program = ''
  const children: Child[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shipyard-hello-'))
    program = join(folder, 'hello')
    const build = ['CGO_ENABLED=0', 'GOFLAGS=', 'GOWORK=off', GO, 'build', '-trimpath', '-o', program, '.']
    execFileSync('env', build, { cwd: source, timeout: BUILD_TIMEOUT_MS })
  }, BUILD_TIMEOUT_MS)

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  afterAll(async () => {
    await rm(folder, { recursive: true })
  })

  function run(args: string[], environment: Record<string, string> = {}): Child {
    const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(child)
    return child
  }

  async function start(environment: Record<string, string> = {}): Promise<Hello> {
    const child = run([], { PORT: '0', SHUTDOWN_DELAY_MS: '200', ...environment })
    const lines: Record<string, unknown>[] = []
    const address = await new Promise<string>((resolve) => {
      createInterface(child.stdout).on('line', (text) => {
        const line = JSON.parse(text) as Record<string, unknown>
        lines.push(line)
        if (typeof line['address'] === 'string') resolve(line['address'])
      })
    })
    return { child, url: `http://127.0.0.1:${address.split(':').at(-1)}`, lines }
  }

  it('serves what it is asked to show', async () => {
    const hello = await start({
      SHOW_ENV: 'COLOUR',
      COLOUR: 'blue',
      SECRET_ENV: 'TOKEN',
      TOKEN: 'opensesame',
    })
    const answer = await fetch(hello.url, { headers: { accept: 'application/json', 'x-request-id': 'r-1' } })
    expect(await answer.json()).toMatchObject({
      env: { COLOUR: 'blue' },
      secret: { envSha256: 'd9fb92e3bbe65be1f1aad4a82eef4567f7a1ebe2cd110c8049b9698be7a70c88' },
    })
    await expect
      .poll(() => hello.lines.at(-1))
      .toMatchObject({ message: 'request', method: 'GET', path: '/', status: 200, requestId: 'r-1' })
    expect(JSON.stringify(hello.lines)).not.toContain('opensesame')
  })

  it('fails readiness on SIGTERM, finishes what runs, accepts nothing new and exits 0', async () => {
    const { child, url } = await start()
    const slow = fetch(`${url}/slow?ms=900`)
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200)
    child.kill('SIGTERM')
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { interval: 10 }).toBe(503)
    await expect
      .poll(() =>
        fetch(`${url}/healthz`).then(
          () => 'accepted',
          () => 'refused',
        ),
      )
      .toBe('refused')
    expect(child.exitCode).toBe(null)
    expect(await (await slow).text()).toBe('waited 900 ms\n')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('ends at once on a second signal', async () => {
    const { child, lines } = await start({ SHUTDOWN_DELAY_MS: '60000' })
    child.kill('SIGTERM')
    await expect.poll(() => lines.at(-1)).toMatchObject({ message: 'stopping' })
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([1, null])
  })

  it('crashes with exit code 1 on /crash', async () => {
    const { child, url } = await start()
    const exit = once(child, 'exit')
    await expect(fetch(`${url}/crash`)).rejects.toThrow('fetch failed')
    expect(await exit).toEqual([1, null])
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('pauses until %s and exits 0', async (signal) => {
    const child = run(['pause'])
    const exit = once(child, 'exit')
    await once(child.stdout, 'data')
    expect(child.exitCode).toBe(null)
    child.kill(signal)
    expect(await exit).toEqual([0, null])
  })

  it('refuses a port that is none and a mode that it does not know', () => {
    const options = { encoding: 'utf8', timeout: 10_000 } as const
    const port = spawnSync(program, [], { ...options, env: { PORT: 'http' } })
    expect(port).toMatchObject({ status: 1, stderr: expect.stringContaining('PORT must be a number') })
    const mode = spawnSync(program, ['sleep'], { ...options, env: {} })
    expect(mode).toMatchObject({ status: 2, stderr: expect.stringContaining('unknown mode "sleep"') })
  })
})
