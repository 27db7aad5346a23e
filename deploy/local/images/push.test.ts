import { buffer } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { buildImage } from './oci-image.ts'
import type { ImageBlob, OciImage } from './oci-image.ts'
import { pushImage, RegistryError } from './push.ts'
import { startFakeRegistry } from './testing/fake-registry.ts'
import type { FakeRegistry, FakeRegistryOptions } from './testing/fake-registry.ts'

const running: FakeRegistry[] = []
afterEach(async () => {
  for (const registry of running.splice(0)) await registry.stop()
})

async function aRegistry(options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const registry = await startFakeRegistry(options)
  running.push(registry)
  return registry
}

function anImage(content = 'content'): Promise<OciImage> {
  return buildImage({
    name: 'team/app',
    tag: '1',
    lowerLayers: [[{ path: '/base', content: 'base' }]],
    files: [{ path: '/app', content }],
    config: {},
    arch: 'x64',
  })
}

function bytesOf(blob: ImageBlob): Promise<Buffer> {
  return buffer(blob.open())
}

async function failure(attempt: Promise<unknown>): Promise<RegistryError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof RegistryError) return error
  throw new Error(`expected a RegistryError, got ${String(error)}`)
}

it('uploads every blob, then the manifest, byte for byte', async () => {
  const registry = await aRegistry()
  const image = await anImage()
  expect(await pushImage(image, registry)).toEqual({ digest: image.digest, pushed: true })
  expect(registry.blobs.size).toBe(3)
  for (const blob of image.blobs) expect(registry.blobs.get(blob.digest)).toEqual(await bytesOf(blob))
  expect(registry.manifests.get('team/app:1')?.bytes).toEqual(Buffer.from(image.manifest))
  expect(registry.calls.at(-1)).toBe('PUT /v2/team/app/manifests/1')
})

it('sends nothing when the tag names the image already', async () => {
  const registry = await aRegistry()
  await pushImage(await anImage(), registry)
  registry.calls.length = 0
  const image = await anImage()
  expect(await pushImage(image, registry)).toEqual({ digest: image.digest, pushed: false })
  expect(registry.calls).toEqual(['HEAD /v2/team/app/manifests/1'])
})

it('sends only the blobs that the registry lacks, and moves the tag', async () => {
  const registry = await aRegistry()
  await pushImage(await anImage('one'), registry)
  registry.calls.length = 0
  const image = await anImage('two')
  expect(await pushImage(image, registry)).toEqual({ digest: image.digest, pushed: true })
  const uploads = registry.calls.filter((call) => call.startsWith('POST'))
  expect(uploads).toHaveLength(2) // the top layer and the configuration; the base is there
  expect(registry.manifests.get('team/app:1')?.digest).toBe(image.digest)
})

it('uploads a blob of many chunks', async () => {
  const registry = await aRegistry()
  const image = await anImage('0123456789abcdef'.repeat(500_000))
  await pushImage(image, registry)
  expect(registry.manifests.get('team/app:1')?.digest).toBe(image.digest)
})

it('gives the user name and password', async () => {
  const auth = { username: 'pusher', password: 'pass:word' }
  const registry = await aRegistry({ auth })
  expect(await pushImage(await anImage(), { url: registry.url, auth })).toMatchObject({ pushed: true })
})

it('says when a password is missing, and when it is wrong', async () => {
  const registry = await aRegistry({ auth: { username: 'pusher', password: 'right' } })
  const missing = await failure(pushImage(await anImage(), { url: registry.url }))
  expect(missing).toMatchObject({ status: 401, message: expect.stringContaining('asks for a user name') })
  const auth = { username: 'pusher', password: 'wrong-secret' }
  const wrong = await failure(pushImage(await anImage(), { url: registry.url, auth }))
  expect(wrong).toMatchObject({ status: 401, message: expect.stringContaining('refused the user name') })
  expect(wrong.message).not.toContain('wrong-secret')
})

it('names the call and the status when the registry fails', async () => {
  const registry = await aRegistry({
    intercept: (call, response) => {
      if (call.startsWith('POST')) response.writeHead(507).end('no space left')
      return call.startsWith('POST')
    },
  })
  const error = await failure(pushImage(await anImage(), registry))
  expect(error.status).toBe(507)
  expect(error.message).toContain('answered POST /v2/team/app/blobs/uploads/ with 507: no space left')
  expect(registry.manifests.size).toBe(0)
})

it.each(['HEAD', 'POST', 'PUT'])('gives up when the registry never answers a %s', async (method) => {
  const registry = await aRegistry({ intercept: (call) => call.startsWith(method) })
  const error = await failure(pushImage(await anImage(), { url: registry.url, timeoutMs: 60 }))
  expect(error.message).toContain(`did not answer within 60 ms (${method} /v2/team/app/`)
})

it('says so when nothing listens', async () => {
  const registry = await startFakeRegistry()
  await registry.stop()
  const error = await failure(pushImage(await anImage(), { url: registry.url }))
  expect(error.message).toContain('could not be reached')
})

it('refuses a digest that is not the one it sent', async () => {
  const other = `sha256:${'0'.repeat(64)}`
  const registry = await aRegistry({
    intercept: (call, response) => {
      const isManifest = call.startsWith('PUT') && call.includes('/manifests/')
      if (isManifest) response.writeHead(201, { 'docker-content-digest': other }).end()
      return isManifest
    },
  })
  const error = await failure(pushImage(await anImage(), registry))
  expect(error.message).toContain(`stored ${other} where sha256:`)
})

it('never follows an upload to another host, where the password would go too', async () => {
  const elsewhere = await aRegistry()
  const auth = { username: 'pusher', password: 'right' }
  const registry = await aRegistry({
    auth,
    intercept: (call, response) => {
      if (call.startsWith('POST')) response.writeHead(202, { location: `${elsewhere.url}/take` }).end()
      return call.startsWith('POST')
    },
  })
  const error = await failure(pushImage(await anImage(), { url: registry.url, auth }))
  expect(error.message).toContain('sent the upload to')
  expect(elsewhere.calls).toEqual([])
})
