import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, it, onTestFinished } from 'vitest'

import { commandFolder, fakeGo, linesOf } from './testing/fake-commands.ts'
import { aProgram, buildOf } from './testing/store-in.ts'
import { filesBelow, tempFolder } from './testing/temp-folder.ts'

const storeFile = join(import.meta.dirname, 'store.ts')

/** The arguments of a Node that gets one program and prints where it is. */
function getter(folder: string, path: string, name = 'etcd'): string[] {
  const programs = { [name]: aProgram(name, { sources: [buildOf(name)] }) }
  const options = {
    cacheDir: join(folder, 'cache'),
    localDir: folder,
    path,
    env: { PATH: `${path}:/bin:/usr/bin`, HOME: folder },
  }
  const code = `import { createStore } from ${JSON.stringify(storeFile)}
const store = createStore(${JSON.stringify(programs)}, ${JSON.stringify(options)})
process.stdout.write(await store.get(${JSON.stringify(name)}))`
  return ['--input-type=module', '-e', code]
}

async function place(build: string): Promise<{ folder: string; log: string; path: string; args: string[] }> {
  const folder = await tempFolder()
  const log = join(folder, 'log')
  const path = await commandFolder(folder, { go: fakeGo(log, build) })
  await commandFolder(join(folder, 'module'), {})
  return { folder, log, path, args: getter(folder, path) }
}

it('builds once when two processes start at the same time', async () => {
  const { folder, log, args } = await place('sleep 1')
  const get = () => promisify(execFile)(process.execPath, args, { timeout: 15_000 })
  const [first, second] = await Promise.all([get(), get()])
  expect(first.stdout).toBe(second.stdout)
  expect(await linesOf(log)).toEqual(['begin etcd', 'end etcd'])
  expect(await filesBelow(join(folder, 'cache'))).toEqual(['programs/etcd-1.2.3/etcd'])
})

it('builds one after the other when two processes build different programs', async () => {
  const { folder, log, path } = await place('sleep 1')
  const get = (name: string) =>
    promisify(execFile)(process.execPath, getter(folder, path, name), { timeout: 15_000 })
  await Promise.all([get('etcd'), get('kubelet')])
  const lines = await linesOf(log)
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['begin', 'end', 'begin', 'end'])
})

it('takes over from a process that was killed in the middle, and clears away what it left', async () => {
  const { folder, log, args } = await place(
    `echo $$ > "$HOME/pid"; [ -e "$HOME/second" ] || { touch "$HOME/second"; exec sleep 20; }`,
  )
  const first = spawn(process.execPath, args, { stdio: 'ignore' })
  onTestFinished(() => void first.kill('SIGKILL'))
  await expect.poll(() => readdir(folder), { timeout: 10_000 }).toContain('second')
  const compiler = Number(await readFile(join(folder, 'pid'), 'utf8'))
  first.kill('SIGKILL')
  await once(first, 'exit')
  process.kill(compiler, 'SIGKILL')
  expect(await filesBelow(join(folder, 'cache', 'locks'))).not.toEqual([])

  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 })
  expect(stdout).toMatch(/etcd-1\.2\.3\/etcd$/)
  expect(await linesOf(log)).toEqual(['begin etcd', 'begin etcd', 'end etcd'])
  expect(await readdir(join(folder, 'cache', 'tmp'))).toEqual([])
})
