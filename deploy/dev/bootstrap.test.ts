import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'

import { PROGRAMS } from './bootstrap.mjs'
import { root } from './root.ts'
import { environmentWith } from './settings.ts'
import { tempTree } from './testing/temp-tree.ts'

const LOCK = {
  name: 'clone',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { name: 'clone', dependencies: { node: 'file:pinned' } },
    'node_modules/node': { resolved: 'pinned', link: true },
    pinned: { name: 'node', version: '1.0.0' },
  },
}

/** Does what `npm ci` does as far as the bootstrap can tell, slowly, and writes down that it was called. */
const FAKE_NPM = `#!/bin/sh
echo "npm $1" >> calls
sleep 0.4
mkdir -p node_modules && ln -sfn ../pinned node_modules/node && cp package-lock.json node_modules/.package-lock.json
`

const SAYS_HELLO = `process.stdout.write('hello ' + process.argv.slice(2).join(' ') + ' from ' + process.version)`

/** A clone whose `check` is the given program, and whose pinned Node is the one that runs these tests. */
function clone(program: string, npm = FAKE_NPM): string {
  const folder = tempTree({
    'package.json': JSON.stringify({ name: 'clone', private: true, dependencies: { node: 'file:pinned' } }),
    'package-lock.json': JSON.stringify(LOCK),
    'pinned/package.json': JSON.stringify({ name: 'node', version: '1.0.0' }),
    'pinned/bin/.keep': '',
    'deploy/dev/check.ts': program,
    'bin/npm': npm,
  })
  chmodSync(folder, 0o755)
  chmodSync(join(folder, 'bin/npm'), 0o755)
  symlinkSync(process.execPath, join(folder, 'pinned/bin/node'))
  for (const part of ['bootstrap.mjs', 'bootstrap']) {
    cpSync(join(root, 'deploy/dev', part), join(folder, 'deploy/dev', part), { recursive: true })
  }
  return folder
}

const path = environmentWith({}).PATH ?? ''
/** The machine's own Node, whatever its version: the one that a fresh clone is entered with. */
const machineNode =
  path
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find((file) => existsSync(file)) ?? process.execPath

interface Enter {
  args?: string[]
  realNpm?: boolean
  uid?: number
}

function enter(folder: string, { args = ['check'], realNpm = false, uid }: Enter = {}): ChildProcess {
  const child = spawn(machineNode, [join(folder, 'deploy/dev/bootstrap.mjs'), ...args], {
    cwd: folder,
    env: environmentWith({
      PATH: realNpm ? path : `${join(folder, 'bin')}${delimiter}${path}`,
      npm_execpath: '',
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
    }),
    detached: true,
    uid,
    timeout: 15_000,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

interface End {
  code: number | null
  signal: string | null
  out: string
  err: string
}

async function ended(child: ChildProcess): Promise<End> {
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk) => (out += String(chunk)))
  child.stderr?.on('data', (chunk) => (err += String(chunk)))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code, signal, out, err }
}

const run = (folder: string, options?: Enter): Promise<End> => ended(enter(folder, options))
const callsOf = (folder: string): string =>
  existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8') : ''

it('installs with npm, once, and hands over to the pinned Node', async () => {
  const folder = clone(SAYS_HELLO)
  const first = await run(folder, { args: ['check', 'a', '--b'], realNpm: true })
  expect(first).toMatchObject({
    code: 0,
    out: expect.stringContaining(`hello a --b from ${process.version}`),
  })
  expect(first.err).toContain('npm ci')
  const second = await run(folder, { realNpm: true })
  expect(second).toEqual({ code: 0, signal: null, out: `hello  from ${process.version}`, err: '' })
})

it.each([{ version: '1.0.1' }, { integrity: 'sha512-another' }])(
  'installs again for %o in the lock file',
  async (change) => {
    const folder = clone(SAYS_HELLO)
    await run(folder)
    const changed = structuredClone(LOCK)
    Object.assign(changed.packages.pinned, change)
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(changed))
    await run(folder)
    expect(callsOf(folder)).toBe('npm ci\nnpm ci\n')
  },
)

it('installs once when several commands start at the same time', async () => {
  const folder = clone(SAYS_HELLO)
  const ends = await Promise.all([run(folder), run(folder), run(folder)])
  expect(ends.map((end) => end.code)).toEqual([0, 0, 0])
  expect(callsOf(folder)).toBe('npm ci\n')
  expect(ends.map((end) => end.err).join('')).toMatch(/Process \d+ is installing the packages; waiting/)
})

it('takes over the lock of a process that is dead', async () => {
  const folder = clone(SAYS_HELLO)
  mkdirSync(join(folder, '.shipyard'))
  symlinkSync('4194305', join(folder, '.shipyard/install.lock.1'))
  expect(await run(folder)).toMatchObject({ code: 0 })
  expect(callsOf(folder)).toBe('npm ci\n')
})

it('says in one sentence that npm failed', async () => {
  const folder = clone(SAYS_HELLO, '#!/bin/sh\nexit 3\n')
  const { code, err } = await run(folder)
  expect(code).toBe(1)
  expect(err).toContain('Installing the packages failed: npm ended with code 3.')
  expect(err).not.toContain('    at ')
})

it('says what to do when npm leaves out the pinned Node', async () => {
  const folder = clone(SAYS_HELLO, '#!/bin/sh\nmkdir -p node_modules\n')
  expect(await run(folder)).toMatchObject({ code: 1, err: expect.stringContaining('--ignore-scripts=false') })
})

it('says that the folder cannot be written', async () => {
  const folder = clone(SAYS_HELLO)
  const nobody = process.getuid?.() === 0 ? 65_534 : undefined
  if (nobody === undefined) chmodSync(folder, 0o555)
  else chownSync(folder, 0, 0)
  const end = await run(folder, { uid: nobody })
  chmodSync(folder, 0o755)
  expect(end).toMatchObject({ code: 1, err: expect.stringContaining(`may not write to ${folder}`) })
})

it('names the commands when it is asked for one that does not exist', async () => {
  const folder = clone(SAYS_HELLO)
  expect(await run(folder, { args: ['chekc'] })).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no command "chekc"; there are start, stack, test, check'),
  })
})

it('knows the command of every script', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }
  const commands = Object.values(scripts).map((script: string) => script.split(' ')[2])
  expect(new Set(commands)).toEqual(new Set(Object.keys(PROGRAMS)))
})

it('keeps the exit code', async () => {
  expect(await run(clone('process.exitCode = 7'))).toMatchObject({ code: 7, signal: null })
})

it('ends by the signal that ended the program', async () => {
  const folder = clone(`process.kill(process.pid, 'SIGKILL')`)
  expect(await run(folder)).toMatchObject({ code: null, signal: 'SIGKILL' })
})

const COUNTS = `
let count = 0
process.on('SIGINT', () => process.stdout.write('interrupt ' + ++count + '\\n'))
process.on('SIGTERM', () => process.exit(count))
setTimeout(() => {}, 15_000)
process.stdout.write('ready\\n')
`

it('forwards one press of Ctrl-C once, though it arrives from the terminal and from npm', async () => {
  const child = enter(clone(COUNTS))
  let out = ''
  child.stdout?.on('data', (chunk) => (out += String(chunk)))
  await vi.waitFor(() => expect(out).toContain('ready'), 5000)
  const { pid = 0 } = child
  const press = async (): Promise<void> => {
    // The terminal signals the whole group; npm forwards to its child.
    process.kill(-pid, 'SIGINT')
    await sleep(50)
    process.kill(pid, 'SIGINT')
  }
  await press()
  await sleep(700)
  expect(out).toBe('ready\ninterrupt 1\n')
  await press()
  await sleep(700)
  expect(out).toBe('ready\ninterrupt 1\ninterrupt 2\n')
  child.kill('SIGTERM')
  const [code] = (await once(child, 'close')) as [number]
  expect(code).toBe(2)
})

it('stops the program when it is itself killed without a chance to say so', async () => {
  const folder = clone(`
import { writeFileSync } from 'node:fs'
process.on('SIGTERM', () => { writeFileSync('stopped', ''); process.exit() })
setTimeout(() => {}, 15_000)
process.stdout.write('ready')
`)
  const child = enter(folder)
  await once(child.stdout ?? child, 'data')
  child.kill('SIGKILL')
  await vi.waitFor(() => expect(existsSync(join(folder, 'stopped'))).toBe(true), 5000)
})
