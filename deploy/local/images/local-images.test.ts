import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ImageSpec } from './image-spec.ts'
import { localImages } from './local-images.ts'
import type { LocalPrograms } from './local-images.ts'
import { buildImage } from './oci-image.ts'

let folder = ''
let programs: Required<LocalPrograms>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shipyard-local-images-'))
  const program = async (name: string): Promise<string> => {
    await writeFile(join(folder, name), name)
    return join(folder, name)
  }
  programs = {
    hello: await program('hello'),
    busybox: await program('busybox'),
    coredns: await program('coredns'),
    localPathProvisioner: await program('provisioner'),
  }
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

function named(specs: ImageSpec[], name: string): ImageSpec {
  const spec = specs.find((candidate) => candidate.name === name)
  if (!spec) throw new Error(`no image ${name}`)
  return spec
}

it('makes every image of the stack, each with its own name and digest', async () => {
  const images = await Promise.all(localImages(programs).map(buildImage))
  expect(images.map((image) => `${image.name}:${image.tag}`)).toEqual([
    'shipyard/pause:1',
    'shipyard/hello:1',
    'shipyard/coredns:1.15.0',
    'shipyard/busybox:1',
    'shipyard/local-path-provisioner:0.0.30',
  ])
  expect(new Set(images.map((image) => image.digest)).size).toBe(images.length)
})

it('leaves out the storage provisioner when there is no program for it', () => {
  const { localPathProvisioner: _, ...others } = programs
  expect(localImages(others).map((spec) => spec.name)).not.toContain('shipyard/local-path-provisioner')
})

it('starts a program that the image holds, as root in the busybox image alone', () => {
  const started = localImages(programs).map(({ name, files, config }) => {
    const program = config.entrypoint?.[0] ?? config.cmd?.[0]
    const isThere = files.some((file) => file.path === program)
    return `${name} ${isThere ? 'has' : 'lacks'} its program, runs as ${config.user ?? 'root'}`
  })
  expect(started).toEqual([
    'shipyard/pause has its program, runs as 65532:65532',
    'shipyard/hello has its program, runs as 65532:65532',
    'shipyard/coredns has its program, runs as 65532:65532',
    'shipyard/busybox has its program, runs as root',
    'shipyard/local-path-provisioner has its program, runs as 65532:65532',
  ])
})

it('gives the busybox image what a shell needs', () => {
  const { files } = named(localImages(programs), 'shipyard/busybox')
  expect(files).toContainEqual({ path: '/bin/sh', symlink: 'busybox' })
  expect(files).toContainEqual({ path: '/tmp', directory: true, mode: 0o1777 })
  expect(files.find((file) => file.path === '/etc/passwd')?.content).toContain(
    'root:x:0:0:root:/root:/bin/sh\n',
  )
})
