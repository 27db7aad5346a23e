import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ImageFile, ImageSpec } from './image-spec.ts'
import { buildImage } from './oci-image.ts'
import type { ImageBlob } from './oci-image.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shipyard-image-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const hasTar = spawnSync('tar', ['--version'], { timeout: 10_000 }).status === 0

function spec(files: ImageFile[], more: Partial<ImageSpec> = {}): ImageSpec {
  return { name: 'test/image', tag: '1', files, config: {}, arch: 'x64', ...more }
}

async function bytesOf(blob: ImageBlob | undefined): Promise<Buffer> {
  if (!blob) throw new Error('no such blob')
  return await buffer(blob.open())
}

/** What the system's own tar sees in the image's top layer. */
async function listing(files: ImageFile[]): Promise<string[]> {
  const image = await buildImage(spec(files))
  const input = await bytesOf(image.blobs.at(-2))
  const tar = spawnSync('tar', ['--numeric-owner', '--utc', '-tvf', '-'], {
    input,
    encoding: 'utf8',
    timeout: 10_000,
  })
  expect(tar.stderr).toBe('')
  return tar.stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '))
}

it.skipIf(!hasTar)(
  'writes a layer that the system tar reads: kinds, modes, owners, sizes, epoch',
  async () => {
    const sourcePath = join(folder, 'program')
    await writeFile(sourcePath, 'x'.repeat(1025))
    const lines = await listing([
      { path: '/bin/program', sourcePath, mode: 0o4755, uid: 3, gid: 4 },
      { path: '/bin/alias', symlink: 'program' },
      { path: '/tmp', directory: true, mode: 0o1777 },
      { path: '/etc/empty', content: '' },
      { path: '/etc/block', content: new Uint8Array(512) },
    ])
    expect(lines).toEqual([
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 bin/',
      'lrwxrwxrwx 0/0 0 1970-01-01 00:00 bin/alias -> program',
      '-rwsr-xr-x 3/4 1025 1970-01-01 00:00 bin/program',
      'drwxr-xr-x 0/0 0 1970-01-01 00:00 etc/',
      '-rw-r--r-- 0/0 512 1970-01-01 00:00 etc/block',
      '-rw-r--r-- 0/0 0 1970-01-01 00:00 etc/empty',
      'drwxrwxrwt 0/0 0 1970-01-01 00:00 tmp/',
    ])
  },
)

it.skipIf(!hasTar)('keeps names and link targets of any length and script', async () => {
  const long = Array.from({ length: 30 }, (_, depth) => `folder-${depth}`).join('/')
  const paths = [`/a/${'n'.repeat(97)}`, `/a/${'n'.repeat(98)}`, `/a/${'n'.repeat(99)}`, `/${long}/file`]
  const lines = await listing([
    ...paths.map((path): ImageFile => ({ path, content: path })),
    { path: '/link', symlink: `/${long}/file` },
  ])
  const names = lines.map((line) => line.split(' ').slice(5).join(' '))
  for (const path of paths) expect(names).toContain(path.slice(1))
  expect(names).toContain(`link -> /${long}/file`)
})

it('gives the same digests whatever the order of the files and the times on disk', async () => {
  const sourcePath = join(folder, 'source')
  await writeFile(sourcePath, 'the same')
  const files: ImageFile[] = [
    { path: '/a', sourcePath },
    { path: '/b/c', content: 'two' },
    { path: '/b-c', content: 'three' },
  ]
  const config = { env: { B: '2', A: '1' }, labels: { y: '2', x: '1' } }
  const first = await buildImage(spec(files, { config }))
  await utimes(sourcePath, 1, 1)
  await chmod(sourcePath, 0o700)
  const turned = { env: { A: '1', B: '2' }, labels: { x: '1', y: '2' } }
  const second = await buildImage(spec(files.toReversed(), { config: turned }))
  expect(second.digest).toBe(first.digest)
  // On every machine: if this changes, every stack pushes its images again.
  expect(first.digest).toBe('sha256:b8d61491dc5ff3c3791a3d3a409b869b874373f1068faa8c9ca4b2b18a01aaff')
})

it('names every blob by the SHA-256 and the size of its bytes, each time it is opened', async () => {
  const image = await buildImage(
    spec([{ path: '/top', content: 'top' }], { lowerLayers: [[{ path: '/low', content: 'low' }]] }),
  )
  expect(image.blobs).toHaveLength(3)
  for (const blob of image.blobs) {
    for (const bytes of [await bytesOf(blob), await bytesOf(blob)]) {
      expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(blob.digest)
      expect(bytes.byteLength).toBe(blob.size)
    }
  }
})

it('writes a manifest and a configuration as the image specification names them', async () => {
  const image = await buildImage(
    spec([{ path: '/app', content: 'x' }], {
      config: {
        entrypoint: ['/app'],
        cmd: ['serve'],
        env: { PORT: '8080' },
        user: '65532',
        workingDir: '/tmp',
        exposedPorts: ['8080/tcp'],
        labels: { kind: 'test' },
      },
    }),
  )
  const [layer, config] = image.blobs
  const descriptor = (blob?: ImageBlob): object => ({
    mediaType: blob?.mediaType,
    digest: blob?.digest,
    size: blob?.size,
  })
  expect(JSON.parse(Buffer.from(image.manifest).toString())).toEqual({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor(config),
    layers: [descriptor(layer)],
  })
  expect(JSON.parse((await bytesOf(config)).toString())).toEqual({
    created: '1970-01-01T00:00:00Z',
    architecture: 'amd64',
    os: 'linux',
    config: {
      Entrypoint: ['/app'],
      Cmd: ['serve'],
      Env: ['PORT=8080'],
      User: '65532',
      WorkingDir: '/tmp',
      ExposedPorts: { '8080/tcp': {} },
      Labels: { kind: 'test' },
    },
    rootfs: { type: 'layers', diff_ids: [layer?.digest] },
  })
})

it.each([
  ['a relative path', [{ path: 'bin/x', content: '' }], /absolute, normalised/],
  ['a path that climbs', [{ path: '/a/../../etc/passwd', content: '' }], /absolute, normalised/],
  [
    'a path listed twice',
    [
      { path: '/a', content: '1' },
      { path: '/a', content: '2' },
    ],
    /\/a is listed twice/,
  ],
  [
    'a file below a link',
    [
      { path: '/a', symlink: '/etc' },
      { path: '/a/b', content: '' },
    ],
    /not a folder/,
  ],
  ['a source that is missing', [{ path: '/a', sourcePath: '/nowhere/at/all' }], /ENOENT.*\/nowhere\/at\/all/],
  ['a source that is a folder', [{ path: '/a', sourcePath: tmpdir() }], /is not a file/],
])('refuses %s', async (_, files, message) => {
  await expect(buildImage(spec(files))).rejects.toThrow(message)
})

it('refuses to stream a source file that changed after its digest was taken', async () => {
  const sourcePath = join(folder, 'changing')
  await writeFile(sourcePath, 'short')
  const image = await buildImage(spec([{ path: '/a', sourcePath }]))
  await writeFile(sourcePath, 'longer than before')
  await expect(bytesOf(image.blobs[0])).rejects.toThrow('a changed while the image was made')
})

it('refuses a processor architecture that it cannot name', async () => {
  await expect(buildImage(spec([], { arch: 'pdp11' }))).rejects.toThrow('"pdp11"')
})
