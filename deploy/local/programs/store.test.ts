import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { expect, it } from 'vitest'

import { entryFolder } from './cache.ts'
import type { PathCheck } from './program.ts'
import { fakeGo, linesOf } from './testing/fake-commands.ts'
import { serveFiles } from './testing/file-server.ts'
import { aProgram, buildOf, releaseAt, sha256, storeOf } from './testing/store-in.ts'
import { filesBelow, tempFolder } from './testing/temp-folder.ts'

const onPath: PathCheck = { arguments: ['--version'], pattern: /etcd (\d+\.\d+\.\d+)/ }

async function executable(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, '#!/bin/sh\n', { mode: 0o755 })
  return path
}

it('takes a program from the first of: setting, PATH, cache, release, build', async () => {
  const release = 'released'
  const server = await serveFiles({ '/etcd': release, '/etcd.sha256': sha256(release) })
  const sources = [releaseAt(`${server.url}/etcd`), buildOf('etcd')]
  const etcd = aProgram('etcd', { onPath, sources })
  const cacheDir = join(await tempFolder(), 'cache')
  const cached = join(entryFolder(cacheDir, 'etcd', '1.2.3'), 'etcd')
  const given = await executable(join(await tempFolder(), 'my-etcd'))
  const commands = (log: string): Record<string, string> => ({ go: fakeGo(log), etcd: 'echo etcd 1.2.9' })
  const withoutEtcd = (log: string): Record<string, string> => ({ go: fakeGo(log) })

  const built = await storeOf(
    { etcd: { ...etcd, sources: [releaseAt(`${server.url}/none`), buildOf('etcd')] } },
    { commands: withoutEtcd },
  )
  expect(await readFile(await built.store.get('etcd'), 'utf8')).toContain('echo etcd')
  expect(built.events.at(-1)).toMatchObject({ phase: 'ready', source: 'build' })

  const downloaded = await storeOf({ etcd }, { cacheDir, commands: withoutEtcd })
  expect(await readFile(await downloaded.store.get('etcd'), 'utf8')).toBe(release)
  expect(downloaded.events.at(-1)).toMatchObject({ phase: 'ready', source: 'download' })

  const asked = server.asked.length
  const kept = await storeOf({ etcd }, { cacheDir, commands: withoutEtcd })
  expect(await kept.store.get('etcd')).toBe(cached)
  expect(kept.events.at(-1)).toMatchObject({ phase: 'ready', source: 'cache' })
  expect(server.asked).toHaveLength(asked)

  const found = await storeOf({ etcd }, { cacheDir, commands })
  expect(await found.store.get('etcd')).toMatch(/commands\/etcd$/)
  expect(found.events.at(-1)).toMatchObject({ phase: 'ready', source: 'path' })

  const named = await storeOf({ etcd }, { cacheDir, commands, overrides: { etcd: given } })
  expect(await named.store.get('etcd')).toBe(given)
  expect(named.events.at(-1)).toMatchObject({ phase: 'ready', source: 'setting' })
})

it('ignores a program on PATH of another version, or one that comes without its companions', async () => {
  const sources = [buildOf('etcd')]
  const commands = (log: string): Record<string, string> => ({ go: fakeGo(log), etcd: 'echo etcd 1.3.3' })
  const older = await storeOf({ etcd: aProgram('etcd', { onPath, sources }) }, { commands })
  await older.store.get('etcd')
  expect(older.events.at(-1)).toMatchObject({ source: 'build' })

  const packages = { etcd: 'etcd', etcdctl: 'etcdctl' }
  const both = aProgram('etcd', {
    onPath,
    alongside: ['etcdctl'],
    sources: [{ ...buildOf('etcd'), packages }],
  })
  const lone = await storeOf(
    { etcd: both },
    { commands: (log) => ({ go: fakeGo(log), etcd: 'echo etcd 1.2.3' }) },
  )
  const path = await lone.store.get('etcd')
  expect(await filesBelow(dirname(path))).toEqual(['etcd', 'etcdctl'])
})

it('says which setting is wrong', async () => {
  const { store } = await storeOf(
    { 'kube-proxy': aProgram('kube-proxy') },
    { overrides: { 'kube-proxy': '/nowhere' } },
  )
  await expect(store.get('kube-proxy')).rejects.toMatchObject({
    fault: 'setting',
    message:
      'SHIPYARD_PROGRAM_KUBE_PROXY names /nowhere, which is not a program that may be run: correct or remove it.',
  })
})

it('does the work once for several who ask', async () => {
  const { store, log } = await storeOf(
    { etcd: aProgram('etcd', { sources: [buildOf('etcd')] }) },
    { commands: (file) => ({ go: fakeGo(file) }) },
  )
  const paths = await Promise.all([store.get('etcd'), store.get('etcd'), store.get('etcd')])
  expect(new Set(paths).size).toBe(1)
  expect(await linesOf(log)).toEqual(['begin etcd', 'end etcd'])
})

it('answers with the file of a part in the folder of the whole', async () => {
  const packages = { containerd: 'containerd', ctr: 'ctr' }
  const programs = {
    containerd: aProgram('containerd', {
      alongside: ['ctr'],
      sources: [{ ...buildOf('containerd'), packages }],
    }),
    ctr: aProgram('ctr', { partOf: 'containerd' }),
  }
  const { store, log } = await storeOf(programs, { commands: (file) => ({ go: fakeGo(file) }) })
  const [whole, part] = await Promise.all([store.get('containerd'), store.get('ctr')])
  expect(dirname(part)).toBe(dirname(whole))
  expect((await linesOf(log)).filter((line) => line.startsWith('begin'))).toHaveLength(2)
})

it('builds in the order of the catalogue, whatever was asked for first', async () => {
  const names = ['etcd', 'kubelet', 'kwok', 'kubectl'] as const
  const programs = Object.fromEntries(
    names.map((name) => [name, aProgram(name, { sources: [buildOf(name)] })]),
  )
  const { store, log } = await storeOf(programs, { commands: (file) => ({ go: fakeGo(file) }) })
  await Promise.all(names.toReversed().map((name) => store.get(name)))
  expect((await linesOf(log)).filter((line) => line.startsWith('begin'))).toEqual(
    names.map((name) => `begin ${name}`),
  )
})

it('says in one sentence what to install when nothing works', async () => {
  const closed = 'http://127.0.0.1:9/etcd'
  const { store, cacheDir, events } = await storeOf({
    etcd: aProgram('etcd', { sources: [releaseAt(closed), buildOf('etcd')] }),
  })
  await expect(store.get('etcd')).rejects.toMatchObject({
    name: 'ProgramError',
    fault: 'missing',
    message:
      'Install Go 1.26.6 or newer and run this again, or name the program by SHIPYARD_PROGRAM_ETCD: ' +
      'etcd 1.2.3 could not be had, because 127.0.0.1:9 cannot be reached and Go is not installed.',
  })
  expect(events.at(-1)).toMatchObject({ phase: 'failed', reason: expect.stringMatching(/^Install Go/) })
  expect(await filesBelow(cacheDir)).toEqual([])
})

it.for([
  { what: 'an old Go', go: 'echo go1.26.5; echo direct', says: 'Install Go 1.26.6 or newer' },
  { what: 'a Go that does not run', go: 'exit 1', says: 'Install Go 1.26.6 or newer' },
])('counts $what as none', async ({ go, says }) => {
  const { store } = await storeOf(
    { etcd: aProgram('etcd', { sources: [buildOf('etcd')] }) },
    { commands: () => ({ go }) },
  )
  await expect(store.get('etcd')).rejects.toThrow(says)
})

it('says what the compiler said, and tries again when asked again', async () => {
  const folder = await tempFolder()
  const build = `[ -e '${folder}/mended' ] || { echo 'main.go:1: no such thing' >&2; exit 1; }`
  const { store, cacheDir } = await storeOf(
    { etcd: aProgram('etcd', { sources: [buildOf('etcd')] }) },
    { commands: (log) => ({ go: fakeGo(log, build) }) },
  )
  await expect(store.get('etcd')).rejects.toMatchObject({
    fault: 'build',
    message: expect.stringMatching(/no such thing$/),
  })
  expect(await filesBelow(cacheDir)).toEqual([])
  await writeFile(join(folder, 'mended'), '')
  await expect(store.get('etcd')).resolves.toMatch(/etcd-1\.2\.3\/etcd$/)
})

it('says that the disk is full, and keeps nothing half-made', async () => {
  const build = `printf half > "$out"; echo "$out: no space left on device" >&2; exit 1`
  const { store, cacheDir } = await storeOf(
    { etcd: aProgram('etcd', { sources: [buildOf('etcd')] }) },
    { commands: (log) => ({ go: fakeGo(log, build) }) },
  )
  await expect(store.get('etcd')).rejects.toMatchObject({
    fault: 'disk',
    message: `There is no space left on the disk for etcd 1.2.3: free some (${cacheDir} is where programs are kept), then run this again.`,
  })
  expect(await filesBelow(cacheDir)).toEqual([])
})

it('makes an entry anew that lost a file', async () => {
  const { store, cacheDir } = await storeOf(
    { etcd: aProgram('etcd', { sources: [buildOf('etcd')] }) },
    { commands: (log) => ({ go: fakeGo(log) }) },
  )
  const spoilt = join(entryFolder(cacheDir, 'etcd', '1.2.3'), 'etcd')
  await executable(spoilt)
  await chmod(spoilt, 0o644)
  expect(await readFile(await store.get('etcd'), 'utf8')).toContain('echo etcd')
})

it('stops the work when everybody has given up, and not before', async () => {
  const { store, log } = await storeOf(
    { etcd: aProgram('etcd', { sources: [buildOf('etcd')] }) },
    { commands: (file) => ({ go: fakeGo(file, 'exec sleep 30') }) },
  )
  const one = new AbortController()
  const other = new AbortController()
  const first = store.get('etcd', one.signal)
  const second = store.get('etcd', other.signal)
  await expect.poll(() => linesOf(log)).toEqual(['begin etcd'])
  one.abort(new Error('first gave up'))
  await expect(first).rejects.toThrow('first gave up')
  const third = store.get('etcd', AbortSignal.timeout(50))
  await expect(third).rejects.toThrow(/timeout/)
  other.abort(new Error('second gave up'))
  await expect(second).rejects.toThrow('second gave up')
})
