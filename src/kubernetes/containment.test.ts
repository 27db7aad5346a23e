/**
 * Whatever stands where a name, a selector or a log option should: what goes out over the wire stays within the
 * namespace and the kind that were asked for. The judge is what a server reads, not what was built.
 */
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { logBatches } from './logs.ts'
import { resourcePath, SUBRESOURCES, UnsafePathError, type KubePath, type Query } from './path.ts'
import { RESOURCES } from './resources.ts'
import { fieldSelector, labelSelector, UnsafeSelectorError } from './selector.ts'
import { startFakeServer } from './testing/fake-server.ts'
import { connectTransport } from './transport.ts'

const ATTACKS = [
  '..',
  '../..',
  '../../kube-system/secrets/token',
  '%2e%2e',
  '%2E%2E%2F',
  '..%2f',
  '..;',
  '..;/',
  '.%00./',
  '/',
  '//',
  '\\',
  '?watch=true',
  '#',
  '?',
  '&container=other',
  ';a=b',
  '\r\nX-Injected: 1',
  '\n',
  '\u0000',
  '\u2024\u2024/',
  '\uff0e\uff0e\uff0f',
  '\u2215',
  '\u0430',
  '\u202e',
  '\ud800',
  ' ',
  '%',
  '%zz',
  ',',
  '=',
  '!',
  '(x)',
  'a'.repeat(300),
]
/** Good names now and then: what is refused everywhere proves nothing. */
const good = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,8}[a-z0-9])?$/)
const attack = fc.constantFrom(...ATTACKS)
const input = fc.oneof(
  { weight: 5, arbitrary: good },
  { weight: 2, arbitrary: attack },
  { weight: 2, arbitrary: fc.tuple(good, attack, good).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
)
const subresource = fc.constantFrom(undefined, ...SUBRESOURCES)
const call = fc.record({
  namespace: input,
  name: input,
  subresource,
  label: input,
  value: input,
  container: input,
})
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never

interface Sent {
  path: KubePath
  query: Query
}

/** What goes out for a call; nothing when a part of it was refused. */
function built({ namespace, name, subresource: sub, label, value, container }: Call): Sent | undefined {
  try {
    const path = resourcePath({ ...RESOURCES.Pod, namespace, name, ...(sub ? { subresource: sub } : {}) })
    const labels = labelSelector({ [label]: value })
    const fields = fieldSelector({ 'metadata.name': value })
    return { path, query: { labelSelector: labels, fieldSelector: fields, container, limit: 0 } }
  } catch (error) {
    if (error instanceof UnsafePathError || error instanceof UnsafeSelectorError) return undefined
    throw error
  }
}

const INPUTS = 100_000 / 5
const CALLERS = 16

it('sends nothing outside its namespace and kind, for 100,000 inputs', async () => {
  const server = await startFakeServer()
  const transport = connectTransport({ credentials: server.credentials() })
  onTestFinished(async () => {
    await transport.close()
    await server.close()
  })
  const calls = fc.sample(call, INPUTS)
  const sent = calls.flatMap((each) => {
    const request = built(each)
    return request ? [{ each, request }] : []
  })
  const queue = [...sent]
  const caller = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      await transport.request({ method: 'GET', ...next.request })
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  // Both kinds are there: what was refused, and what went out.
  expect(sent.length).toBeGreaterThan(500)
  expect(sent.length).toBeLessThan(INPUTS / 2)
  const allowed = new Set(sent.map(({ each }) => allowedText(each)))
  const escaped = server.asked.filter((asked) => {
    const segments = asked.path.split('/').map(decodeURIComponent)
    const query = Object.fromEntries(asked.query)
    return !allowed.has(JSON.stringify([segments, query])) || 'x-injected' in asked.headers
  })
  expect(escaped.map(({ url }) => url)).toEqual([])
  expect(server.asked).toHaveLength(sent.length)
})

/** What a server may read for a call: every part where it was put, and nothing more. */
function allowedText({ namespace, name, subresource: sub, label, value, container }: Call): string {
  const segments = ['', 'api', 'v1', 'namespaces', namespace, 'pods', name, ...(sub ? [sub] : [])]
  // A lone surrogate is sent as the replacement character.
  const query = {
    labelSelector: `${label}=${value}`,
    fieldSelector: `metadata.name=${value}`,
    container: container.toWellFormed(),
    limit: '0',
  }
  return JSON.stringify([segments, query])
}

it('opens no log outside its namespace', async () => {
  const server = await startFakeServer()
  server.answer((_, response) => void response.writeHead(200).end())
  const transport = connectTransport({ credentials: server.credentials() })
  onTestFinished(async () => {
    await transport.close()
    await server.close()
  })
  for (const pod of ATTACKS) {
    await expect(logBatches(transport, { namespace: 'tenant', pod, container: 'x' }).next()).rejects.toThrow(
      UnsafePathError,
    )
    await expect(logBatches(transport, { namespace: pod, pod: 'x', container: 'x' }).next()).rejects.toThrow(
      UnsafePathError,
    )
    await logBatches(transport, { namespace: 'tenant', pod: 'web', container: pod }).next()
  }
  expect(new Set(server.asked.map(({ path }) => path))).toEqual(
    new Set(['/api/v1/namespaces/tenant/pods/web/log']),
  )
  expect(server.asked.map(({ query }) => query.getAll('container').length)).toEqual(ATTACKS.map(() => 1))
})
