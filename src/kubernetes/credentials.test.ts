import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { WatchedFiles } from './credential-files.ts'
import { loadCredentials } from './credentials.ts'
import { KubeConfigError } from './kubeconfig.ts'
import { FakeClock } from './testing/fake-clock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shipyard-kubeconfig-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Parts {
  cluster?: object
  user?: object
  context?: object
}

function kubeconfig({ cluster = {}, user = {}, context = {} }: Parts = {}, name = 'config'): string {
  const path = join(folder, name)
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', ...context } }],
    'current-context': 'x',
  }
  writeFileSync(path, JSON.stringify(config))
  return path
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

it('reads what stands in the kubeconfig itself, and hands out the same object as long as nothing changes', async () => {
  const path = kubeconfig({
    cluster: { 'certificate-authority-data': base64('ca'), 'tls-server-name': 'api.example' },
    user: { 'client-certificate-data': base64('cert'), 'client-key-data': base64('key'), as: 'somebody' },
    context: { namespace: 'team' },
  })
  const source = loadCredentials(path, new FakeClock())
  expect(source).toMatchObject({ server: 'https://10.0.0.1:6443', namespace: 'team' })
  const { tls, headers } = await source.current()
  expect({ ...tls, ca: String(tls.ca), cert: String(tls.cert), key: String(tls.key) }).toEqual({
    ca: 'ca',
    cert: 'cert',
    key: 'key',
    servername: 'api.example',
  })
  expect(headers).toEqual({ 'impersonate-user': 'somebody' })
  expect((await source.current(true)).tls).toBe(tls)
})

it('reads files relative to the kubeconfig, and again when they change', async () => {
  const clock = new FakeClock()
  for (const name of ['ca', 'cert', 'key']) writeFileSync(join(folder, name), `${name} 1`)
  const path = kubeconfig({
    cluster: { 'certificate-authority': 'ca' },
    user: { 'client-certificate': 'cert', 'client-key': 'key' },
  })
  const source = loadCredentials(path, clock)
  const { tls: first } = await source.current()
  expect(String(first.cert)).toBe('cert 1')
  writeFileSync(join(folder, 'cert'), 'cert two')
  writeFileSync(join(folder, 'key'), 'key two')
  expect((await source.current()).tls).toBe(first)
  await clock.advance(10_000)
  const { tls: second } = await source.current()
  expect([String(second.ca), String(second.cert), String(second.key)]).toEqual([
    'ca 1',
    'cert two',
    'key two',
  ])
  expect((await source.current()).tls).toBe(second)
})

it.each([
  ['a token', { token: ' abc\n' }, 'Bearer abc'],
  ['a user with a password', { username: 'me', password: 'x:y' }, `Basic ${base64('me:x:y')}`],
  ['nothing', {}, undefined],
])('authorises with %s', async (_, user, authorization) => {
  const { headers } = await loadCredentials(kubeconfig({ user }), new FakeClock()).current()
  expect(headers.authorization).toBe(authorization)
})

it('reads the token of a pod again as it is renewed', async () => {
  const clock = new FakeClock()
  // As the kubelet renews: a link to a folder that is replaced.
  const renew = (version: string): void => {
    writeFileSync(join(folder, `token-${version}`), `token ${version}\n`)
    symlinkSync(join(folder, `token-${version}`), join(folder, 'link'))
    renameSync(join(folder, 'link'), join(folder, 'token'))
  }
  renew('1')
  const provider = { name: 'tokenFile', config: { tokenFile: join(folder, 'token') } }
  const source = loadCredentials(kubeconfig({ user: { 'auth-provider': provider } }), clock)
  expect((await source.current()).headers.authorization).toBe('Bearer token 1')
  renew('2')
  expect((await source.current()).headers.authorization).toBe('Bearer token 1')
  expect((await source.current(true)).headers.authorization).toBe('Bearer token 2')
  renew('3')
  await clock.advance(10_000)
  expect((await source.current()).headers.authorization).toBe('Bearer token 3')
})

it('asks a credential plugin, and not at every call', async () => {
  const clock = new FakeClock()
  const plugin = join(folder, 'plugin.mjs')
  const count = join(folder, 'count')
  writeFileSync(
    plugin,
    `import { appendFileSync } from 'node:fs'
     appendFileSync(${JSON.stringify(count)}, 'x')
     const status = { token: 'from-plugin', expirationTimestamp: '2000-01-01T00:00:00Z' }
     process.stdout.write(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }))`,
  )
  chmodSync(plugin, 0o755)
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: [plugin] }
  const source = loadCredentials(kubeconfig({ user: { exec } }), clock)
  const calls = async (): Promise<number> => (await new WatchedFiles([count], clock).read())[0]?.length ?? 0
  const [first, second] = await Promise.all([source.current(), source.current()])
  expect(first.headers).toEqual({ authorization: 'Bearer from-plugin' })
  expect(second.headers).toEqual(first.headers)
  await source.current()
  expect(await calls()).toBe(1)
  await clock.advance(10_000)
  await source.current()
  expect(await calls()).toBe(2)
})

it('asks a plugin again after it failed', async () => {
  const flag = join(folder, 'ready')
  const plugin = join(folder, 'plugin.mjs')
  writeFileSync(
    plugin,
    `import { existsSync } from 'node:fs'
     if (!existsSync(${JSON.stringify(flag)})) { process.stderr.write('not yet'); process.exit(1) }
     process.stdout.write(JSON.stringify({ status: { token: 't' } }))`,
  )
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: [plugin] }
  const source = loadCredentials(kubeconfig({ user: { exec } }), new FakeClock())
  await expect(source.current()).rejects.toThrow('not yet')
  writeFileSync(flag, '')
  expect((await source.current()).headers.authorization).toBe('Bearer t')
})

it('merges several kubeconfigs; the first one chooses the context', () => {
  const first = kubeconfig({}, 'first')
  const second = join(folder, 'second')
  writeFileSync(
    second,
    JSON.stringify({
      clusters: [{ name: 'c2', cluster: { server: 'https://other:1' } }],
      users: [{ name: 'u2', user: {} }],
      contexts: [{ name: 'x2', context: { cluster: 'c2', user: 'u2' } }],
      'current-context': 'x2',
    }),
  )
  expect(loadCredentials(`${first}:${second}`, new FakeClock()).server).toBe('https://10.0.0.1:6443')
  expect(loadCredentials(`${second}:${first}`, new FakeClock()).server).toBe('https://other:1')
})

it('finds the usual places, and says so when there is nothing', () => {
  vi.stubEnv('KUBECONFIG', kubeconfig())
  expect(loadCredentials(undefined, new FakeClock()).server).toBe('https://10.0.0.1:6443')
  vi.stubEnv('KUBECONFIG', '')
  vi.stubEnv('HOME', folder)
  expect(() => loadCredentials(undefined, new FakeClock())).toThrow(
    'No cluster is configured. Set KUBECONFIG, or run in a pod with a service account.',
  )
})

it.each([
  ['a file that is not there', () => join(folder, 'none'), /cannot be used: ENOENT/],
  ['an address that is none', () => kubeconfig({ cluster: { server: 'ftp://x' } }), /"ftp:\/\/x" is no http/],
  ['an address with a path', () => kubeconfig({ cluster: { server: 'https://x/k8s' } }), /has a path/],
  [
    'a proxy',
    () => kubeconfig({ cluster: { 'proxy-url': 'http://p' } }),
    /proxy-url, which is not supported/,
  ],
  [
    'a context without a user',
    () => kubeconfig({ context: { user: 'nobody' } }),
    /names no cluster and user/,
  ],
])('refuses %s with a sentence', (_, path, message) => {
  expect(() => loadCredentials(path(), new FakeClock())).toThrow(KubeConfigError)
  expect(() => loadCredentials(path(), new FakeClock())).toThrow(message)
})

it('does without verification only where the kubeconfig says so', async () => {
  const { tls } = await loadCredentials(
    kubeconfig({ cluster: { 'insecure-skip-tls-verify': true } }),
    new FakeClock(),
  ).current()
  expect(tls).toEqual({ rejectUnauthorized: false })
})

it('keeps the last good contents while a file is away, and throws when it never was there', async () => {
  const clock = new FakeClock()
  const path = join(folder, 'file')
  const files = new WatchedFiles([path], clock)
  await expect(files.read()).rejects.toThrow('ENOENT')
  writeFileSync(path, 'one')
  const [one] = await files.read(true)
  rmSync(path)
  expect(await files.read(true)).toEqual([one])
  writeFileSync(path, 'two')
  expect(String((await files.read(true))[0])).toBe('two')
})
