/** What only a cluster of its own can be made to do: its API server dies, and history is compacted away. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { programStore } from '../../deploy/local/programs/store.ts'
import { startStack, type Stack } from '../../deploy/local/stack.ts'
import { serverSideApply } from './apply.ts'
import { KubeError } from './kube-error.ts'
import { resourcePath, rootPath } from './path.ts'
import { createReflector } from './reflector.ts'
import type { Reflector } from './reflector-types.ts'
import { RESOURCES } from './resources.ts'
import { connectTransport } from './transport.ts'
import type { KubeRequest, Transport } from './transport-types.ts'

const home = mkdtempSync(join(tmpdir(), 'shipyard-outage-'))
let stack: Stack
let transport: Transport

beforeAll(async () => {
  stack = await startStack({
    folder: join(home, 'stack'),
    programs: programStore({}),
    parts: ['kube-controller-manager'],
  })
  await stack.untilReady()
  transport = connectTransport({ kubeconfig: stack.env.KUBECONFIG ?? '' })
})
afterAll(async () => {
  await transport.close()
  await stack.stop()
  rmSync(home, { recursive: true, force: true })
})

const namespace = 'default'

async function put(name: string): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } }
  await serverSideApply(transport, { object, fieldManager: 'test' })
}

async function remove(name: string): Promise<void> {
  await transport.request({
    method: 'DELETE',
    path: resourcePath({ ...RESOURCES.ConfigMap, namespace, name }),
  })
}

function watch(way: Transport = transport): {
  reflector: Reflector
  names: () => string[]
  errors: unknown[]
} {
  const errors: unknown[] = []
  const reflector = createReflector({
    resource: RESOURCES.ConfigMap,
    namespace,
    transport: way,
    onError: (error) => errors.push(error),
  })
  onTestFinished(async () => reflector.stop())
  reflector.start()
  const names = (): string[] =>
    [...reflector.store.keys()].filter((key) => !key.endsWith('kube-root-ca.crt')).toSorted()
  return { reflector, names, errors }
}

async function isReady(): Promise<boolean> {
  return transport.request({ method: 'GET', path: rootPath('/version'), timeoutMs: 1_000 }).then(
    () => true,
    () => false,
  )
}

/** A way to the API server that can be shut. */
function gated(): { way: Transport; shut: () => void; open: () => void } {
  let current = new AbortController()
  let isShut = false
  const cut = new KubeError({ status: 0, reason: 'ConnectionFailed', message: 'cut by the test' })
  const stream = async (asked: KubeRequest): ReturnType<Transport['stream']> => {
    if (isShut) throw cut
    const { signal } = current
    asked.signal?.addEventListener('abort', () => current.abort(asked.signal?.reason), { once: true })
    return transport.stream({ ...asked, signal })
  }
  return {
    way: { ...transport, counts: transport.counts, stream },
    shut() {
      isShut = true
      current.abort(cut)
    },
    open() {
      current = new AbortController()
      isShut = false
    },
  }
}

async function killApiServer(): Promise<void> {
  const state = stack.states().find(({ name }) => name === 'kube-apiserver')
  process.kill(state?.pid ?? 0, 'SIGKILL')
  await expect.poll(isReady, { timeout: 10_000 }).toBe(false)
  await expect.poll(isReady, { timeout: 60_000, interval: 100 }).toBe(true)
}

it('is right again within seconds of an API server that died, and told what was deleted meanwhile', async () => {
  await put('a')
  await put('b')
  const { way, shut, open } = gated()
  const { reflector, names, errors } = watch(way)
  const told: string[] = []
  reflector.onChange(({ type, object }) => told.push(`${type} ${object.metadata.name}`))
  await reflector.untilSynced()
  shut()
  await remove('a')
  await put('c')
  // A new API server remembers nothing from before its start: the version of this watch is too old for it.
  await killApiServer()
  open()
  await expect.poll(names, { timeout: 20_000 }).toEqual(['default/b', 'default/c'])
  expect(told).toContain('deleted a')
  expect(errors).toContainEqual(expect.objectContaining({ status: 410 }))
  expect(reflector.counts.lists).toBe(2)
})

it('comes back by itself when the API server does', async () => {
  const { reflector, names } = watch()
  await reflector.untilSynced()
  await killApiServer()
  await put('late')
  await expect.poll(names, { timeout: 20_000 }).toContain('default/late')
  expect(reflector.counts.lists).toBeLessThanOrEqual(2)
})

it('reads a list of several pages to its end while history is compacted away between them', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `page-${index}`)
  await Promise.all(names.map(put))
  const etcd = `http://127.0.0.1:${stack.site.ports.etcd}/v3/kv`
  let pages = 0
  const stream = async (asked: KubeRequest): ReturnType<Transport['stream']> => {
    if (asked.query?.sendInitialEvents)
      throw new KubeError({ status: 422, reason: 'Invalid', message: 'no streams' })
    if (asked.query?.continue !== undefined) await compact(etcd)
    if (!asked.query?.watch) pages++
    return transport.stream(asked)
  }
  const { reflector } = watch({ ...transport, counts: transport.counts, stream })
  await reflector.untilSynced()
  const found = [...reflector.store.keys()].filter((key) => key.startsWith('default/page-'))
  expect(found).toHaveLength(300)
  // An API server that keeps snapshots gives the second page; another one refuses it, and the whole is read.
  expect(pages).toBeGreaterThanOrEqual(2)
})

/** Forgets all but the newest version; a write makes sure that the list is older than that. */
async function compact(etcd: string): Promise<void> {
  await put('newest')
  await remove('newest')
  const answer = await request(`${etcd}/range`, { method: 'POST', body: JSON.stringify({ key: 'AA==' }) })
  const { header } = (await answer.body.json()) as { header: { revision: string } }
  const compacted = await request(`${etcd}/compaction`, {
    method: 'POST',
    body: JSON.stringify({ revision: header.revision, physical: true }),
  })
  await compacted.body.dump()
}
