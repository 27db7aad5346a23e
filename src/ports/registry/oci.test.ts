import { createHash } from 'node:crypto'
import type { LookupAddress } from 'node:dns'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ImageReference } from '../../contract/image.ts'
import { createRegistry, type RegistrySettings } from './oci.ts'
import { testCertificate, type TestCertificate } from './testing/certificate.ts'
import { recordingRegistry, type RecordingRegistry, type Reply } from './testing/recording-registry.ts'

const digest = `sha256:${'ab'.repeat(32)}`
const found: Reply = { status: 200, headers: { 'docker-content-digest': digest } }
const image = ImageReference.parse('registry.test/team/app:1.2')
const credentials = { username: 'user', password: 'password' }
const basic = `Basic ${Buffer.from('user:password').toString('base64')}`

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

async function server(...args: Parameters<typeof recordingRegistry>): Promise<RecordingRegistry> {
  const started = await recordingRegistry(...args)
  cleanUps.push(started.close)
  return started
}

function open(settings: Partial<RegistrySettings> & { at?: RecordingRegistry }) {
  const mirrors = new Map(settings.at ? [['registry.test', settings.at.origin]] : [])
  const registry = createRegistry({ mirrors, timeoutMs: 1_000, ...settings })
  cleanUps.push(registry.close)
  return registry
}

describe('an answer', () => {
  it('is asked for with all kinds of manifests, by one HEAD', async () => {
    const at = await server(() => found)
    expect(await open({ at }).resolve(image)).toEqual({ digest })
    expect(at.calls).toEqual([expect.objectContaining({ method: 'HEAD', url: '/v2/team/app/manifests/1.2' })])
  })

  it.each([
    ['without a digest', 200],
    ['to a HEAD that is not allowed', 405],
  ])('%s is hashed', async (_, status) => {
    const body = JSON.stringify({ schemaVersion: 2, manifests: [] })
    const at = await server(({ method }) => (method === 'HEAD' ? { status } : { status: 200, body }))
    const hash = createHash('sha256').update(body).digest('hex')
    expect(await open({ at }).resolve(image)).toEqual({ digest: `sha256:${hash}` })
  })

  it.each([
    [{ status: 401 }, 'AccessDenied'],
    [{ status: 403 }, 'AccessDenied'],
    [{ status: 404 }, 'ImageNotFound'],
    [{ status: 429 }, 'RegistryUnavailable'],
    [{ status: 500 }, 'RegistryUnavailable'],
    [{ status: 400 }, 'UnexpectedAnswer'],
    [{ status: 200, body: '<html>' }, 'UnexpectedAnswer'],
    [{ status: 200, headers: { 'docker-content-digest': 'sha256:../..' }, body: '{}' }, 'UnexpectedAnswer'],
    [{ status: 200, body: 'x'.repeat(5 * 1024 * 1024) }, 'RegistryUnavailable'],
  ] as [Reply, string][])('%j means %s', async (reply, reason) => {
    const at = await server(() => reply)
    expect(await open({ at }).resolve(image)).toMatchObject({ unpinned: reason })
  })

  it('that does not come ends with the time-out', async () => {
    const at = await server(() => undefined)
    const began = performance.now()
    expect(await open({ at, timeoutMs: 200 }).resolve(image)).toMatchObject({
      unpinned: 'RegistryUnavailable',
    })
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})

describe('a token', () => {
  const tokenServer =
    (at: () => RecordingRegistry, body: unknown) =>
    (call: { url: string; authorization?: string | undefined }): Reply => {
      if (call.url.startsWith('/token')) return { status: 200, body: JSON.stringify(body) }
      if (call.authorization === 'Bearer secret-token') return found
      const realm = `${at().origin}/token`
      return { status: 401, headers: { 'www-authenticate': `Bearer realm="${realm}",service="s x"` } }
    }

  it.each([{ token: 'secret-token' }, { access_token: 'secret-token' }])(
    'is fetched from the realm: %j',
    async (body) => {
      const at: RecordingRegistry = await server((call) => tokenServer(() => at, body)(call))
      expect(await open({ at }).resolve(image, { credentials })).toEqual({ digest })
      expect(at.calls[1]).toMatchObject({
        url: '/token?service=s+x&scope=repository%3Ateam%2Fapp%3Apull',
        authorization: basic,
      })
      expect(at.calls[2]).toMatchObject({ authorization: 'Bearer secret-token' })
    },
  )

  it.each([{}, { token: 7 }, { token: 'a\r\nX-Header: b' }])(
    'that is none means no access: %j',
    async (body) => {
      const at: RecordingRegistry = await server((call) => tokenServer(() => at, body)(call))
      expect(await open({ at }).resolve(image)).toMatchObject({ unpinned: 'AccessDenied' })
    },
  )

  it('is not fetched where no mirror answers and no https is spoken', async () => {
    const inside = await server(() => ({ status: 200, body: '{"token":"secret-token"}' }))
    const challenge = { 'www-authenticate': `Bearer realm="${inside.origin}/token"` }
    const at = await server(() => ({ status: 401, headers: challenge }))
    expect(await open({ at }).resolve(image, { credentials })).toMatchObject({ unpinned: 'HostNotAllowed' })
    expect(inside.calls).toEqual([])
  })
})

describe('what is a stranger', () => {
  let certificate: TestCertificate
  beforeAll(async () => {
    certificate = await testCertificate(['registry.test', 'auth.test', 'other.test'])
  })

  /** A world in which every name leads to this machine. */
  const world = (isAnyAllowed: boolean) => ({
    ca: certificate.cert,
    ...(isAnyAllowed ? { isAllowed: () => true } : {}),
    lookup: (_: string, __: object, callback: (error: null, addresses: LookupAddress[]) => void) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }]),
  })

  it.each([
    '127.0.0.1:{port}/app',
    '2130706433:{port}/app',
    '[::ffff:7f00:1]:{port}/app',
    '[::1]:{port}/app',
    'localhost:{port}/app',
    'registry.test:{port}/app',
  ])('is not asked inside: %s', async (name) => {
    const inside = await server(() => found, certificate)
    const registry = open({ testNetwork: world(false) })
    const answer = await registry.resolve(ImageReference.parse(name.replace('{port}', String(inside.port))))
    expect(answer).toMatchObject({ unpinned: 'HostNotAllowed' })
    expect(inside.calls).toEqual([])
  })

  it.each([
    'https://10.0.0.1/token',
    'http://auth.test/token',
    'https://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'ftp://auth.test/',
  ])('cannot send us inside for a token: %s', async (realm) => {
    const at = await server(() => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${realm}"` },
    }))
    expect(await open({ at }).resolve(image, { credentials })).toMatchObject({ unpinned: 'HostNotAllowed' })
  })

  it('cannot send us inside by a redirect, not even to the mirror of another image', async () => {
    const inside = await server(() => found)
    for (const location of [inside.origin, 'https://10.0.0.1/', 'http://127.0.0.1:1/']) {
      const at = await server(() => ({ status: 307, headers: { location } }))
      const mirrors = new Map([
        ['registry.test', at.origin],
        ['inside.test', inside.origin],
      ])
      expect(await open({ mirrors }).resolve(image)).toMatchObject({ unpinned: 'HostNotAllowed' })
    }
    expect(inside.calls).toEqual([])
  })

  const answersLike = (script: Parameters<typeof recordingRegistry>[0]) => server(script, certificate)
  const at = (one: RecordingRegistry, path = 'team/app:1') =>
    ImageReference.parse(`registry.test:${one.port}/${path}`)

  it('is asked by https, with its credentials', async () => {
    const registry = await answersLike(({ authorization }) =>
      authorization === basic ? found : { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
    )
    const port = open({ testNetwork: world(true) })
    expect(await port.resolve(at(registry))).toMatchObject({ unpinned: 'AccessDenied' })
    expect(await port.resolve(at(registry), { credentials })).toEqual({ digest })
  })

  it('must show a certificate that is known', async () => {
    const registry = await answersLike(() => found)
    const { ca: _, ...unknown } = world(true)
    expect(await open({ testNetwork: unknown }).resolve(at(registry))).toMatchObject({
      unpinned: 'RegistryUnavailable',
    })
    expect(registry.calls).toEqual([])
  })

  it('gets no credentials by a redirect from another', async () => {
    const other = await answersLike(() => found)
    const registry = await answersLike(({ authorization }): Reply =>
      authorization === basic
        ? { status: 307, headers: { location: `https://other.test:${other.port}/v2/x/manifests/1` } }
        : { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
    )
    expect(await open({ testNetwork: world(true) }).resolve(at(registry), { credentials })).toEqual({
      digest,
    })
    expect(other.calls).toEqual([
      expect.objectContaining({ host: `other.test:${other.port}`, authorization: undefined }),
    ])
  })

  it('cannot lead us round for ever', async () => {
    const registry: RecordingRegistry = await answersLike(({ url }) => ({
      status: 302,
      headers: { location: `${url}x` },
    }))
    expect(await open({ testNetwork: world(true) }).resolve(at(registry))).toMatchObject({
      unpinned: 'RegistryUnavailable',
    })
    expect(registry.calls).toHaveLength(4)
  })
})

it('asks Docker Hub where it answers', async () => {
  const names: string[] = []
  const lookup = (name: string, _: object, callback: (error: null, addresses: LookupAddress[]) => void) => {
    names.push(name)
    callback(null, [])
  }
  await open({ testNetwork: { lookup } }).resolve(ImageReference.parse('nginx'))
  expect(names).toEqual(['registry-1.docker.io'])
})
