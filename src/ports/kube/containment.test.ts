import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, inject, it } from 'vitest'
import type { Namespace } from '../../contract/names.ts'
import { chance } from '../../testing/hostile-words.ts'
import { createKube } from './kubernetes.ts'
import { hostileCall, strays } from './testing/hostile-calls.ts'
import { writeKubeconfig } from './testing/kubeconfig.ts'

const attempts = 100_000
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
const kubeconfig = await writeKubeconfig(join(folder, 'kubeconfig.json'), `http://127.0.0.1:${port}`)
const kube = createKube({ kubeconfig })

afterAll(async () => {
  await kube.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

const seed = inject('testSeed')
const own = 'sandbox-own' as Namespace

it(`asks nothing outside the namespace and the kind that is meant (seed ${seed})`, async () => {
  const below = chance(seed)
  for (let done = 0; done < attempts; done += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, async () => hostileCall(kube, own, below)))
  }
  expect(sent.length).toBeGreaterThan(attempts / 1000)
  expect(strays(sent, own)).toEqual([])
}, 120_000)
