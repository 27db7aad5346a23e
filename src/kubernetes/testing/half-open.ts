/**
 * A program for a network of its own (`unshare --net`): a watch runs, then the network loses everything without a
 * word, and the watch says how many milliseconds later it noticed.
 */
import { execFileSync } from 'node:child_process'

import { createReflector } from '../reflector.ts'
import { RESOURCES } from '../resources.ts'
import { connectTransport } from '../transport.ts'
import { startFakeServer } from './fake-server.ts'

const loopback = (state: 'up' | 'down'): void => {
  execFileSync('ip', ['link', 'set', 'lo', state], { timeout: 5_000 })
}

loopback('up')
const server = await startFakeServer()
server.answer((_, response) => {
  const annotations = { 'k8s.io/initial-events-end': 'true' }
  const bookmark = { type: 'BOOKMARK', object: { metadata: { resourceVersion: '1', annotations } } }
  response.writeHead(200).write(`${JSON.stringify(bookmark)}\n`)
})
const noticed = Promise.withResolvers<unknown>()
const reflector = createReflector({
  resource: RESOURCES.ConfigMap,
  transport: connectTransport({ credentials: server.credentials() }),
  onError: noticed.resolve,
})
reflector.start()
await reflector.untilSynced()
loopback('down')
const since = performance.now()
await noticed.promise
process.stdout.write(`${Math.round(performance.now() - since)}\n`)
process.exit(0)
