import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { environmentWith } from '../../deploy/dev/settings.ts'
import { programStore } from '../../deploy/local/programs/store.ts'
import { repository } from '../../deploy/local/settings.ts'
import { startStack } from '../../deploy/local/stack.ts'
import { stopStack } from '../../deploy/local/tidy.ts'
import { processesAbout } from '../fixtures/machine-state.ts'

/** What people get wrong: one sentence, a non-zero exit, nothing half-started left behind. */

const home = mkdtempSync(join(tmpdir(), 'shipyard-bad-'))
const folder = join(home, 'stack')
const programs = programStore({})

afterAll(() => rmSync(home, { recursive: true, force: true }))

interface Ending {
  readonly code: number
  readonly said: string
}

/** The command as a person would type it, without what this run's environment would add. */
async function stack(args: readonly string[], env: Record<string, string> = {}): Promise<Ending> {
  const main = join(repository, 'deploy/local/main.ts')
  const nothingOutside = { DATABASE_DSN: '', VAULT_ADDR: '', KUBECONFIG: '' }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...args],
      { env: environmentWith({ ...nothingOutside, ...env }), timeout: 60_000 },
      (error, stdout, stderr) => {
        resolve({
          code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
          said: stdout + stderr,
        })
      },
    )
  })
}

it('says that a port is taken, and by which setting it was wanted', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const { code, said } = await stack(['up', '--folder', folder], { SHIPYARD_PORT_TRAEFIK_HTTP: String(port) })
  server.close()
  expect(said).toContain(
    `Port ${port}, wanted for traefik-http, is taken: end what listens there or choose another.`,
  )
  expect(code).toBe(1)
  expect(processesAbout(folder)).toEqual([])
})

it('refuses a second stack in the same folder and leaves the first alone', async () => {
  const first = await startStack({ folder, programs, parts: ['etcd'] })
  await first.untilReady()
  const { code, said } = await stack(['up', '--folder', folder])
  expect(said).toContain(`A stack is running in ${folder} already (pid ${process.pid})`)
  expect(code).toBe(1)
  expect(first.states().every((each) => each.phase === 'ready')).toBe(true)
  await first.stop()
})

it('says which part of a damaged folder is damaged', async () => {
  mkdirSync(join(folder, 'pki'), { recursive: true })
  writeFileSync(join(folder, 'pki/ca.key'), 'no key')
  const certificates = await stack(['up', '--folder', folder, '--only', 'etcd'])
  expect(certificates.said).toMatch(/The folder .*stack is damaged \(.*\): remove it, or its part pki\/\./)
  expect(certificates.code).toBe(1)
  rmSync(join(folder, 'pki'), { recursive: true })

  rmSync(join(folder, 'data/etcd/member/wal'), { recursive: true })
  mkdirSync(join(folder, 'data/etcd/member/wal'))
  writeFileSync(join(folder, 'data/etcd/member/wal/0000000000000000-0000000000000000.wal'), 'no log')
  const etcd = await stack(['up', '--folder', folder, '--only', 'etcd'])
  expect(etcd.said).toMatch(/etcd does not start: it exited with code \d+; its log ends: /)
  expect(etcd.code).toBe(1)
  expect(processesAbout(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})

it('refuses a disk that is nearly full before anything is written', async () => {
  await expect(
    startStack({ folder, programs, parts: ['etcd'], freeBytes: () => 300 * 2 ** 20 }),
  ).rejects.toThrow(`A stack needs 2 GiB of free disk space in ${folder}, and 300 MiB are left.`)
  expect(processesAbout(folder)).toEqual([])
})

it('says what it knows when a part, a command or a cluster is unknown', async () => {
  expect(await stack(['up', '--folder', folder, '--only', 'mongodb'])).toMatchObject({
    code: 1,
    said: expect.stringContaining('There is no component mongodb: choose from postgres,') as unknown,
  })
  expect(await stack(['sideways'])).toMatchObject({
    code: 1,
    said: expect.stringContaining('npm run stack -- COMMAND') as unknown,
  })
  const nowhere = await stack(['up', '--folder', folder], { KUBECONFIG: join(home, 'nothing.yaml') })
  expect(nowhere.said).toMatch(/The cluster of KUBECONFIG \(.*nothing\.yaml\) can't be used: /)
  expect(nowhere.code).toBe(1)
})

it('takes down what is not there without complaint, and status says that nothing runs', async () => {
  expect(await stack(['down', '--folder', join(home, 'none')])).toMatchObject({
    code: 0,
    said: expect.stringContaining('No stack runs') as unknown,
  })
  expect(await stack(['status', '--folder', join(home, 'none')])).toMatchObject({ code: 3 })
  expect(await stack(['env', '--folder', join(home, 'none')])).toMatchObject({ code: 1 })
})

it('runs simulated nodes alone for somebody who is not root, and says that apps will not answer', async () => {
  const main = join(repository, 'deploy/local/main.ts')
  const asOrdinaryUser = ['--user', '--map-user=1000', '--map-group=1000', process.execPath, main]
  const inFolder = ['--folder', folder]
  const said: string[] = []
  const child = execFile('/usr/bin/unshare', [
    ...asOrdinaryUser,
    'up',
    ...inFolder,
    '--only',
    'kwok,openbao,postgres',
  ])
  child.stdout?.on('data', (chunk) => said.push(String(chunk)))
  child.stderr?.on('data', (chunk) => said.push(String(chunk)))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const isUp = new Promise<void>((resolve) => {
    child.stdout?.on('data', () => {
      if (said.join('').includes('The stack is up')) resolve()
    })
  })
  await Promise.race([isUp, ended])
  expect(said.join('')).toContain('Apps will be scheduled but will not answer: A Kubernetes node needs root')
  expect(said.join('')).toContain('Simulated nodes is ready')
  child.kill('SIGTERM')
  await ended
  await stopStack(folder)
  expect(processesAbout(folder)).toEqual([])
  expect(readdirSync(folder)).not.toContain('owner.json')
})
