import { beforeEach, expect, it } from 'vitest'
import type { KubeObject } from '../../src/kubernetes/object.ts'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import type { KubeRequest, Transport } from '../../src/kubernetes/transport-types.ts'
import type { EventWords } from './cluster.ts'
import { EventRecorder } from './events.ts'

let clock: FakeClock
let sent: KubeRequest[]
let answer: () => Promise<unknown>
let errors: unknown[]
let recorder: EventRecorder
beforeEach(() => {
  clock = new FakeClock()
  sent = []
  errors = []
  answer = async () => undefined
  const transport = {
    request: async (request: KubeRequest) => {
      sent.push(request)
      return answer()
    },
  } as unknown as Transport
  recorder = new EventRecorder({
    transport,
    clock,
    controller: 'example.org/operator',
    instance: 'pod-1',
    onError: (error) => errors.push(error),
  })
})

function object(name = 'web', uid = `uid-of-${name}`): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'ns', uid, resourceVersion: '7' } }
}
/** Of the event that a call creates. */
const namesOf = ({ body }: KubeRequest): string[] => {
  const { metadata } = body as { metadata?: { name: string } }
  return metadata ? [metadata.name] : []
}
const failing: EventWords = { type: 'Warning', reason: 'CrashLoop', message: 'It ends again and again.' }

it('writes an event about an object', async () => {
  recorder.record(object(), failing)
  await recorder.flush()
  expect(sent).toHaveLength(1)
  expect(sent[0]).toMatchObject({ method: 'POST', path: '/apis/events.k8s.io/v1/namespaces/ns/events' })
  expect(sent[0]?.body).toEqual({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: expect.stringMatching(/^web\.[0-9a-f]{20}$/), namespace: 'ns' },
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingController: 'example.org/operator',
    reportingInstance: 'pod-1',
    action: 'Reconcile',
    type: 'Warning',
    reason: 'CrashLoop',
    note: 'It ends again and again.',
    regarding: {
      apiVersion: 'v1',
      kind: 'Pod',
      name: 'web',
      namespace: 'ns',
      uid: 'uid-of-web',
      resourceVersion: '7',
    },
  })
})

it('counts the same words about the same thing, and writes each doubling', async () => {
  for (let each = 0; each < 100; each++) recorder.record(object(), failing)
  await recorder.flush()
  expect(sent.map(({ method }) => method)).toEqual([
    'POST',
    'PATCH',
    'PATCH',
    'PATCH',
    'PATCH',
    'PATCH',
    'PATCH',
  ])
  const [name] = sent.flatMap(namesOf)
  expect(sent[6]).toMatchObject({
    path: `/apis/events.k8s.io/v1/namespaces/ns/events/${name}`,
    contentType: 'application/merge-patch+json',
    body: { series: { count: 64, lastObservedTime: '2026-01-01T00:00:00.000000Z' } },
  })
})

it('takes other words, other things and a namesake of another life for news', async () => {
  recorder.record(object(), failing)
  recorder.record(object(), { ...failing, message: 'Otherwise.' })
  recorder.record(object('db'), failing)
  recorder.record(object('web', 'another'), failing)
  await recorder.flush()
  expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST', 'POST'])
})

it('takes the same words for news again after ten minutes', async () => {
  recorder.record(object(), failing)
  await clock.advance(10 * 60_000)
  recorder.record(object(), failing)
  await recorder.flush()
  expect(new Set(sent.flatMap(namesOf)).size).toBe(2)
})

it('cuts a flood about one object, and not what is said about others', async () => {
  for (let each = 0; each < 100; each++) recorder.record(object(), { ...failing, message: `Number ${each}.` })
  recorder.record(object('db'), failing)
  await recorder.flush()
  expect(sent).toHaveLength(26)
  await clock.advance(5 * 60_000)
  recorder.record(object(), { ...failing, message: 'Later.' })
  await recorder.flush()
  expect(sent).toHaveLength(27)
})

it('goes on when an event cannot be written, and cuts long words', async () => {
  answer = async () => {
    throw new Error('forbidden')
  }
  recorder.record(object('x'.repeat(253)), { ...failing, message: 'x'.repeat(5_000) })
  await recorder.flush()
  expect(errors).toMatchObject([{ message: 'forbidden' }])
  expect(sent[0]?.body).toMatchObject({ note: 'x'.repeat(1_024) })
  expect(sent.flatMap(namesOf)[0]?.length).toBeLessThanOrEqual(253)
})

it('cuts long words by their bytes, as the API server counts them, and never within a character', async () => {
  recorder.record(object(), { ...failing, message: `x${'ü😀'.repeat(1_000)}` })
  await recorder.flush()
  expect(sent[0]?.body).toMatchObject({ note: `x${'ü😀'.repeat(170)}ü` })
})

it('sends the calls of one series one after the other', async () => {
  const gate = Promise.withResolvers<void>()
  answer = async () => gate.promise
  recorder.record(object(), failing)
  recorder.record(object(), failing)
  await clock.advance(0)
  expect(sent).toHaveLength(1)
  gate.resolve()
  await recorder.flush()
  expect(sent).toHaveLength(2)
})

it('writes about an object without a namespace in the namespace for that', async () => {
  recorder.record({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team', uid: 'u' } }, failing)
  await recorder.flush()
  expect(sent[0]?.path).toBe('/apis/events.k8s.io/v1/namespaces/default/events')
})
