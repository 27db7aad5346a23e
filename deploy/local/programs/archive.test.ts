import { execFile } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, it } from 'vitest'

import { extractTarGz } from './archive.ts'
import { filesBelow, tempFolder } from './testing/temp-folder.ts'
import { tarGz, type TarMember } from './testing/tar-gz.ts'

async function archiveOf(
  members: readonly TarMember[] | Buffer,
): Promise<{ archive: string; folder: string }> {
  const folder = await tempFolder()
  const archive = join(await tempFolder(), 'a.tar.gz')
  await writeFile(archive, Buffer.isBuffer(members) ? members : tarGz(members))
  return { archive, folder }
}

it('takes the wanted files out of an archive, executable, and nothing else', async () => {
  const big = Buffer.alloc(700_000, 'x')
  const { archive, folder } = await archiveOf([
    { path: 'README', contents: 'read me' },
    { path: './bin/etcd', contents: big },
    { path: 'bin/etcdctl', contents: 'no' },
    { path: 'bin/last', contents: 'last' },
  ])
  await extractTarGz(archive, { etcd: 'bin/etcd', renamed: 'bin/last' }, folder)
  expect(await filesBelow(folder)).toEqual(['etcd', 'renamed'])
  expect((await readFile(join(folder, 'etcd'))).equals(big)).toBe(true)
  expect((await stat(join(folder, 'renamed'))).mode & 0o111).toBe(0o111)
})

it.for([
  { kind: "GNU's header", type: 'L', contents: (name: string) => `${name}\0` },
  { kind: 'a pax header', type: 'x', contents: (name: string) => `${name.length + 10} path=${name}\n` },
])('reads a long name from $kind', async ({ type, contents }) => {
  const name = `${'deep/'.repeat(30)}program`
  const { archive, folder } = await archiveOf([
    { path: 'long', type, contents: contents(name) },
    { path: 'cut off', contents: 'found' },
  ])
  await extractTarGz(archive, { program: name }, folder)
  expect(await readFile(join(folder, 'program'), 'utf8')).toBe('found')
})

it("reads an archive that the machine's tar wrote", async () => {
  const { folder } = await archiveOf([])
  const from = await tempFolder()
  await writeFile(join(from, 'program'), 'by tar')
  const archive = join(from, 'a.tgz')
  await promisify(execFile)('tar', ['-czf', archive, '-C', from, './program'])
  await extractTarGz(archive, { program: 'program' }, folder)
  expect(await readFile(join(folder, 'program'), 'utf8')).toBe('by tar')
})

it.for([
  { what: 'a path that climbs', path: '../../etc/passwd' },
  { what: 'a path that climbs in the middle', path: 'bin/../../passwd' },
  { what: 'an absolute path', path: '/etc/passwd' },
])('refuses an archive with $what', async ({ path }) => {
  const { archive, folder } = await archiveOf([
    { path, contents: 'evil' },
    { path: 'program', contents: 'good' },
  ])
  await expect(extractTarGz(archive, { program: 'program' }, folder)).rejects.toThrow(/unsafe path/)
  expect(await filesBelow(folder)).toEqual([])
})

it('refuses a wanted file that is a link', async () => {
  const { archive, folder } = await archiveOf([{ path: 'program', type: '2' }])
  await expect(extractTarGz(archive, { program: 'program' }, folder)).rejects.toThrow(/not a plain file/)
})

it('says that an archive does not hold what is wanted', async () => {
  const { archive, folder } = await archiveOf([{ path: 'other', contents: 'x' }])
  await expect(extractTarGz(archive, { program: 'bin/program' }, folder)).rejects.toThrow(
    'it does not hold bin/program',
  )
})

it.for([
  {
    what: 'cut off',
    bytes: () => tarGz([{ path: 'program', contents: Buffer.alloc(90_000, 'a') }]).subarray(0, 100),
  },
  { what: 'not compressed', bytes: () => Buffer.from('<html>not found</html>') },
  { what: 'not a tar', bytes: () => tarGz([]).subarray(0, 0) },
])('refuses an archive that is $what', async ({ bytes }) => {
  const { archive, folder } = await archiveOf(bytes())
  await expect(extractTarGz(archive, { program: 'program' }, folder)).rejects.toMatchObject({
    name: 'BadArchive',
  })
})
