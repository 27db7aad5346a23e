import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { BuildQueue } from './build-queue.ts'
import { fromRelease, sumIn } from './download.ts'
import { Downloads } from './downloads.ts'
import { explained } from './errors.ts'
import { GoTool } from './go-tool.ts'
import type { Job } from './job.ts'
import { Reach } from './reach.ts'
import { serveFiles } from './testing/file-server.ts'
import { aProgram, releaseAt, sha256, storeOf } from './testing/store-in.ts'
import { silentHost } from './testing/silent-host.ts'
import { tarGz } from './testing/tar-gz.ts'
import { filesBelow, tempFolder } from './testing/temp-folder.ts'

const program = Buffer.from('a program '.repeat(50_000))

it('downloads an executable, checks it against the published sum, and shows how far it is', async () => {
  const server = await serveFiles({ '/v1.2.3/etcd': program, '/v1.2.3/etcd.sha256': `${sha256(program)}\n` })
  const { store, events } = await storeOf({
    etcd: aProgram('etcd', { sources: [releaseAt(`${server.url}/v{version}/etcd`)] }),
  })
  expect((await readFile(await store.get('etcd'))).equals(program)).toBe(true)
  const last = events.findLast((event) => event.phase === 'downloading')
  expect(last).toMatchObject({
    source: 'download',
    receivedBytes: program.length,
    totalBytes: program.length,
  })
})

it('takes chosen files out of an archive listed among others in a file of sums', async () => {
  const archive = tarGz([
    { path: 'etcd-v1.2.3/README', contents: 'x' },
    { path: 'etcd-v1.2.3/etcd', contents: program },
  ])
  const sums = `${'0'.repeat(64)}  other.tar.gz\n${sha256(archive)}  ./etcd-1.2.3.tar.gz\n`
  const server = await serveFiles({ '/etcd-1.2.3.tar.gz': archive, '/SHA256SUMS': sums })
  const source = releaseAt(`${server.url}/etcd-{version}.tar.gz`, {
    checksumUrl: `${server.url}/SHA256SUMS`,
    members: { etcd: 'etcd-v{version}/etcd' },
  })
  const { store, cacheDir } = await storeOf({ etcd: aProgram('etcd', { sources: [source] }) })
  expect((await readFile(await store.get('etcd'))).equals(program)).toBe(true)
  expect(await filesBelow(cacheDir)).toEqual(['programs/etcd-1.2.3/etcd'])
})

it('needs no published sum where one is pinned, and holds the download against it', async () => {
  const server = await serveFiles({ '/etcd': program })
  const pinned = (sum: string) =>
    aProgram('etcd', { sources: [releaseAt(`${server.url}/etcd`, { sha256: { amd64: sum, arm64: sum } })] })
  const right = await storeOf({ etcd: pinned(sha256(program)) })
  await expect(right.store.get('etcd')).resolves.toContain('etcd-1.2.3')
  expect(server.asked).toEqual(['/etcd'])
  const wrong = await storeOf({ etcd: pinned('0'.repeat(64)) })
  await expect(wrong.store.get('etcd')).rejects.toMatchObject({ fault: 'hash' })
})

it('throws away what has the wrong sum, says so, and does not fall back to another source', async () => {
  const server = await serveFiles({ '/etcd': program, '/etcd.sha256': sha256('something else') })
  const good = await serveFiles({ '/etcd': program, '/etcd.sha256': sha256(program) })
  const sources = [releaseAt(`${server.url}/etcd`), releaseAt(`${good.url}/etcd`)]
  const { store, cacheDir, events } = await storeOf({ etcd: aProgram('etcd', { sources }) })
  await expect(store.get('etcd')).rejects.toMatchObject({
    fault: 'hash',
    message: expect.stringMatching(
      /^The download of etcd 1\.2\.3 from 127\.0\.0\.1:\d+ has the wrong SHA-256 /,
    ),
  })
  expect(await filesBelow(cacheDir)).toEqual([])
  expect(good.asked).toEqual([])
  expect(events.at(-1)?.phase).toBe('failed')
})

it('tries once more when the connection breaks, and then says how far it came', async () => {
  let tries = 0
  const breaking = (times: number) =>
    serveFiles({
      '/etcd.sha256': sha256(program),
      '/etcd': (_request, response) => {
        tries += 1
        response.writeHead(200, { 'content-length': program.length })
        if (tries > times) response.end(program)
        else response.write(program.subarray(0, 200_000), () => response.socket?.destroy())
      },
    })
  const once = await storeOf({
    etcd: aProgram('etcd', { sources: [releaseAt(`${(await breaking(1)).url}/etcd`)] }),
  })
  await expect(once.store.get('etcd')).resolves.toContain('etcd-1.2.3')
  tries = 0
  const always = await storeOf({
    etcd: aProgram('etcd', { sources: [releaseAt(`${(await breaking(9)).url}/etcd`)] }),
  })
  await expect(always.store.get('etcd')).rejects.toMatchObject({
    fault: 'broken',
    message:
      'The download of etcd 1.2.3 broke off after 0.2 of 0.5 MB: check the connection, then run this again.',
  })
  expect(tries).toBe(2)
  expect(await filesBelow(always.cacheDir)).toEqual([])
})

it('refuses an archive with a path that climbs, though its sum is right', async () => {
  const archive = tarGz([{ path: '../../../etcd', contents: 'evil' }])
  const server = await serveFiles({ '/etcd.tgz': archive, '/etcd.tgz.sha256': sha256(archive) })
  const { store, cacheDir } = await storeOf({
    etcd: aProgram('etcd', { sources: [releaseAt(`${server.url}/etcd.tgz`, { members: { etcd: 'etcd' } })] }),
  })
  await expect(store.get('etcd')).rejects.toMatchObject({
    fault: 'broken',
    message: expect.stringContaining('unsafe path'),
  })
  expect(await filesBelow(cacheDir)).toEqual([])
})

const incomplete: { what: string; files: Record<string, Buffer | string> }[] = [
  { what: 'an asset that is not there', files: { '/etcd.sha256': sha256(program) } },
  { what: 'a release without sums', files: { '/etcd': program } },
  { what: 'sums of other files', files: { '/etcd': program, '/etcd.sha256': `${sha256(program)}  other\n` } },
]

it.for(incomplete)('passes over $what', async ({ files }) => {
  const server = await serveFiles(files)
  const good = await serveFiles({ '/etcd': program, '/etcd.sha256': sha256(program) })
  const sources = [releaseAt(`${server.url}/etcd`), releaseAt(`${good.url}/etcd`)]
  const { store } = await storeOf({ etcd: aProgram('etcd', { sources }) })
  await expect(store.get('etcd')).resolves.toContain('etcd-1.2.3')
  expect(good.asked).toContain('/etcd')
})

it('passes over a host that does not answer in its time', async () => {
  const silent = await silentHost()
  const good = await serveFiles({ '/a': program, '/a.sha256': sha256(program) })
  const sources = [releaseAt(`${silent.href}a`), releaseAt(`${good.url}/a`)]
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'] as const
  const programs = Object.fromEntries(names.map((name) => [name, aProgram(name, { sources })]))
  const { store } = await storeOf(programs, { connectTimeoutMs: 500 })
  const begun = performance.now()
  await Promise.all(names.map((name) => store.get(name)))
  expect(performance.now() - begun).toBeLessThan(2500)
})

it('does not ask a host again that could not be reached', async () => {
  const broken = await serveFiles({ '/a.sha256': (request) => request.socket.destroy() })
  const good = await serveFiles({ '/a': program, '/a.sha256': sha256(program) })
  const sources = [releaseAt(`${broken.url}/a`), releaseAt(`${good.url}/a`)]
  const { store } = await storeOf({ a: aProgram('a', { sources }), b: aProgram('b', { sources }) })
  await store.get('a')
  await store.get('b')
  expect(broken.asked).toEqual(['/a.sha256'])
})

it('follows redirects', async () => {
  const good = await serveFiles({ '/files/etcd': program, '/etcd.sha256': sha256(program) })
  const server = await serveFiles({
    '/etcd': (_request, response) => response.writeHead(302, { location: `${good.url}/files/etcd` }).end(),
    '/etcd.sha256': (_request, response) =>
      response.writeHead(307, { location: `${good.url}/etcd.sha256` }).end(),
    '/loop': (_request, response) => response.writeHead(302, { location: '/loop' }).end(),
  })
  const { store } = await storeOf({
    etcd: aProgram('etcd', { sources: [releaseAt(`${server.url}/etcd`)] }),
    loop: aProgram('loop', {
      sources: [releaseAt(`${server.url}/loop`, { checksumUrl: `${server.url}/loop` })],
    }),
  })
  await expect(store.get('etcd')).resolves.toContain('etcd-1.2.3')
  await expect(store.get('loop')).rejects.toThrow(/redirects without end/)
})

it('says that the disk is full when a download does not fit', async () => {
  const server = await serveFiles({ '/etcd': program, '/etcd.sha256': sha256(program) })
  const folder = join(await tempFolder(), 'work')
  await mkdir(folder)
  // The device that is always full.
  await symlink('/dev/full', join(folder, '.download'))
  const error: unknown = await fromRelease(releaseAt(`${server.url}/etcd`), aJob(folder)).catch(
    (reason: unknown) => reason,
  )
  expect(explained(error, 'etcd 1.2.3', '/cache')).toMatchObject({
    fault: 'disk',
    message:
      'There is no space left on the disk for etcd 1.2.3: free some (/cache is where programs are kept), then run this again.',
  })
})

function aJob(folder: string): Job {
  const env = {}
  const reach = new Reach(env, 1000)
  return {
    ...{ name: 'etcd', version: '1.2.3', program: aProgram('etcd'), folder, entry: folder, cacheDir: folder },
    ...{ localDir: folder, env, path: '', signal: new AbortController().signal },
    ticket: new BuildQueue().ticket(1),
    downloads: new Downloads(reach, 1000),
    go: new GoTool({ env, path: '', reach }),
    reach,
    report: () => undefined,
    need: () => Promise.reject(new Error('nothing is needed')),
  }
}

it.for([
  { what: 'a bare sum', text: `${'A'.repeat(64)}\n` },
  { what: 'a line of sha256sum', text: `${'a'.repeat(64)}  x.tgz\n` },
  { what: 'a line for a binary file', text: `${'a'.repeat(64)} *x.tgz\n` },
  { what: 'a path', text: `${'b'.repeat(64)}  y.tgz\n${'a'.repeat(64)}  /release/x.tgz\n` },
  {
    what: 'a signed list',
    text: `-----BEGIN-----\nHash: X\n\n${'a'.repeat(64)}  x.tgz\n${'c'.repeat(64)}  xx.tgz\n-----END-----`,
  },
])('reads $what', ({ text }) => {
  expect(sumIn(text, 'x.tgz')).toBe('a'.repeat(64))
})

it('finds no sum in a page that only looks like one', () => {
  expect(sumIn(`<a href="x.tgz">${'a'.repeat(64)}</a>`, 'x.tgz')).toBeNull()
  expect(sumIn(`${'a'.repeat(63)}  x.tgz`, 'x.tgz')).toBeNull()
})
