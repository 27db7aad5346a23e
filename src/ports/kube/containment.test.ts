import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, it } from 'vitest'
import { GROUP } from '../../contract/crd/meta.ts'
import type { Dns1123Label } from '../../contract/names.ts'
import { chance, picker, word } from '../../testing/hostile-words.ts'
import { createKube } from './kubernetes.ts'
import type { ResourceKey } from './port.ts'
import { collect } from './testing/collect.ts'
import { aUserDeployment } from './testing/conformance.ts'

const attempts = inject('testLevel') >= 5 ? 100_000 : 20_000
const atOnce = 50

const sent: string[] = []
const server = createServer(({ url = '' }, response) => {
  sent.push(url)
  response.writeHead(404, { 'content-type': 'application/json' })
  response.end('{"kind":"Status","code":404}')
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo

const folder = await mkdtemp(join(tmpdir(), 'shipyard-kube-'))
const kubeconfig = join(folder, 'kubeconfig.json')
await writeFile(
  kubeconfig,
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'x', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'x', user: { token: 'x' } }],
    contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    'current-context': 'x',
  }),
)
const kube = createKube({ kubeconfig })

afterAll(async () => {
  await kube.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

const seed = Math.trunc(performance.timeOrigin)
const resource = aUserDeployment()
const own = 'sandbox-own'

/** One call for a resource or pod of the own namespace, with a name that somebody chose who means no good. */
async function hostileCall(below: (n: number) => number): Promise<void> {
  const pick = picker(below)
  const key = { namespace: own, name: word(pick) } as ResourceKey
  const named = { ...resource, metadata: { ...resource.metadata, ...key } }
  const source = {
    namespace: key.namespace,
    pod: word(pick) as Dns1123Label,
    container: word(pick) as Dns1123Label,
  }
  const calls = [
    async () => kube.applyUserDeployment(named),
    async () => kube.dryRun(named),
    async () => kube.deleteUserDeployment(key),
    async () => kube.listPods(key),
    async () => collect(kube.followLog(source, { once: true, signal: new AbortController().signal })),
  ]
  // Refused is as good as done: what counts is where requests went.
  await pick(calls)().catch(() => undefined)
}

it(`asks nothing outside the namespace and the kind that is meant (seed ${seed})`, async () => {
  const below = chance(seed)
  for (let done = 0; done < attempts; done += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, async () => hostileCall(below)))
  }
  const name = '[a-z0-9]([-a-z0-9.]*[a-z0-9])?'
  const query = '(\\?[A-Za-z0-9%=&+_.*-]*)?'
  const allowed = new RegExp(
    `^(/apis/${GROUP}/v1alpha1/namespaces/${own}/userdeployments/${name}|/api/v1/namespaces/${own}/pods(/${name}/log)?)${query}$`,
  )
  expect(sent.length).toBeGreaterThan(attempts / 1000)
  expect(sent.filter((url) => !allowed.test(url))).toEqual([])
  const selectors = sent.flatMap((url) => new URL(url, 'http://x').searchParams.getAll('labelSelector'))
  expect(
    selectors.filter((text) => !/^scheduler\.opsnorth\.io\/deployment=[A-Za-z0-9._-]*$/.test(text)),
  ).toEqual([])
}, 60_000)
