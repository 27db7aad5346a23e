import { beforeEach, expect, it } from 'vitest'
import { isAgreed } from './agreed.ts'
import { Mirror } from './mirror.ts'
import type { KubeObject } from './object.ts'
import type { WatchSelection } from './reflector-types.ts'
import { RESOURCES } from './resources.ts'
import { fieldSelector, labelSelector } from './selector.ts'
import { Index } from './store.ts'

let now = 0
let told: string[] = []
beforeEach(() => {
  now = 0
  told = []
})

function mirror(selection: Partial<WatchSelection> = {}): Mirror<KubeObject> {
  const made = new Mirror<KubeObject>(
    { resource: RESOURCES.ConfigMap, ...selection },
    {
      now: () => now,
      onHandlerError: (error) => {
        throw error
      },
    },
  )
  made.onChange(({ type, object: { metadata } }) =>
    told.push(`${type} ${metadata.name} ${metadata.resourceVersion}`),
  )
  return made
}

function object(version: number, { name = 'a', uid = 'u', labels = {} } = {}): KubeObject {
  const metadata = { name, namespace: 'ns', uid, resourceVersion: String(version), labels }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata }
}

it('shows a write of ours at once, and tells it once', () => {
  const watched = mirror()
  watched.put(object(5))
  watched.accept(object(9))
  expect(watched.store.get({ namespace: 'ns', name: 'a' })?.metadata.resourceVersion).toBe('9')
  watched.put(object(9))
  expect(told).toEqual(['added a 5', 'updated a 9'])
})

it('does not go back behind a write of ours while the watch catches up', () => {
  const watched = mirror()
  watched.accept(object(10))
  watched.put(object(9))
  watched.remove(object(8))
  expect(told).toEqual(['added a 10'])
  watched.put(object(10))
  watched.put(object(11))
  watched.remove(object(12))
  expect(told).toEqual(['added a 10', 'updated a 11', 'deleted a 11'])
})

it('leaves deleted what the answer to an earlier write comes too late for', () => {
  const watched = mirror()
  watched.put(object(5))
  watched.put(object(10))
  watched.remove(object(11))
  watched.accept(object(10))
  expect(told).toEqual(['added a 5', 'updated a 10', 'deleted a 10'])
  watched.beginList()
  watched.completeList('13')
  watched.accept(object(12))
  expect([...watched.store.keys()]).toEqual([])
})

it('takes what it has not heard of when that is newer than all it was told', () => {
  const watched = mirror()
  watched.put(object(7, { name: 'b' }))
  watched.accept(object(8))
  watched.beginList()
  watched.put(object(100, { name: 'b' }))
  watched.accept(object(9, { name: 'c' }))
  expect(told).toEqual(['added b 7', 'added a 8', 'updated b 100', 'added c 9'])
})

it('takes the answers of a restored cluster, whose versions count from below', () => {
  const watched = mirror()
  watched.put(object(1000, { name: 'b' }))
  watched.beginList()
  watched.completeList('5')
  watched.accept(object(6))
  expect(told).toEqual(['added b 1000', 'deleted b 1000', 'added a 6'])
})

it('keeps a write of ours that a list from before it lacks, and not one that a later list lacks', () => {
  const watched = mirror()
  watched.accept(object(10))
  watched.beginList()
  watched.completeList('9')
  expect(told).toEqual(['added a 10'])
  watched.beginList()
  watched.completeList('10')
  expect(told).toEqual(['added a 10', 'deleted a 10'])
})

it('believes the watch again after a minute: the versions of a restored cluster count from below', () => {
  const watched = mirror()
  watched.accept(object(1000))
  now = 59_000
  watched.put(object(5))
  now = 60_000
  watched.put(object(6))
  expect(told).toEqual(['added a 1000', 'updated a 6'])
})

it('follows the watch wherever it goes, backwards too, where nothing of ours is ahead', () => {
  const watched = mirror()
  watched.put(object(100))
  watched.put(object(3))
  expect(told).toEqual(['added a 100', 'updated a 3'])
})

it('passes over an answer that is older than what it has, or cannot be compared', () => {
  const watched = mirror()
  watched.put(object(5))
  watched.accept(object(4))
  watched.accept({ ...object(0), metadata: { ...object(0).metadata, resourceVersion: 'abc' } })
  expect(told).toEqual(['added a 5'])
})

it.each([
  ['another namespace', { namespace: 'other' }],
  ['other labels', { labels: labelSelector({ app: 'x' }) }],
  ['fields, which cannot be checked here', { fields: fieldSelector({ 'metadata.name': 'a' }) }],
])('passes over an answer for a selection with %s', (_, selection) => {
  const watched = mirror(selection)
  watched.accept(object(1))
  expect(told).toEqual([])
})

it('takes an answer that fits, without what the selection does not keep', () => {
  const watched = mirror({ namespace: 'ns', labels: labelSelector({ app: 'x' }), metadataOnly: true })
  const answer = { ...object(1, { labels: { app: 'x' } }), data: { secret: 'value' } }
  watched.accept(answer)
  const kept = watched.store.get({ namespace: 'ns', name: 'a' })
  expect(kept).not.toHaveProperty('data')
  expect(answer).toHaveProperty('data')
})

it('knows that a list which was begun again owes nothing to the first try', () => {
  const watched = mirror()
  watched.put(object(1, { name: 'a' }))
  watched.put(object(2, { name: 'b' }))
  watched.beginList()
  watched.put(object(1, { name: 'a' }))
  watched.beginList()
  watched.put(object(2, { name: 'b' }))
  watched.completeList('3')
  expect(told.at(-1)).toBe('deleted a 1')
  expect([...watched.store.keys()]).toEqual(['ns/b'])
})

it('does not keep what is deleted while a list comes in', () => {
  const watched = mirror()
  watched.beginList()
  watched.put(object(1))
  watched.remove(object(2))
  watched.completeList('2')
  expect([...watched.store.keys()]).toEqual([])
})

it('calls nobody who has stopped listening, also when that happens in a call', () => {
  const watched = mirror()
  const calls: string[] = []
  const stop = watched.onChange(() => {
    calls.push('first')
    stop()
  })
  watched.onChange(() => calls.push('second'))
  watched.put(object(1))
  watched.put(object(2))
  expect(calls).toEqual(['first', 'second', 'second'])
})

it('stores an update that changes nothing of what is kept, and tells nobody', () => {
  const trim = ({ apiVersion, kind, metadata }: KubeObject): KubeObject => ({ apiVersion, kind, metadata })
  const watched = mirror({ trim })
  watched.put({ ...object(1), status: { replicas: 1 } } as KubeObject)
  watched.put({ ...object(2), status: { replicas: 2 } } as KubeObject)
  expect(watched.store.get({ namespace: 'ns', name: 'a' })?.metadata.resourceVersion).toBe('2')
  watched.put(object(3, { labels: { a: 'b' } }))
  watched.put(object(4, { uid: 'another', labels: { a: 'b' } }))
  expect(told).toEqual(['added a 1', 'updated a 3', 'deleted a 3', 'added a 4'])
})

it('keeps the essence of what agrees with what is wanted, tells nobody, and has it whole with its next version', () => {
  const index = new Index<KubeObject>(() => ['any'])
  const watched = mirror({ essence: () => ({}), indexes: [index] })
  const whole = { ...object(5), data: { a: '1' } }
  watched.put(whole)
  const found = (): KubeObject | undefined => watched.store.get({ namespace: 'ns', name: 'a' })
  watched.agree({ live: whole, wanted: whole, hash: 'hash' })
  expect(found()).toMatchObject(object(5))
  expect(found()).not.toHaveProperty('data')
  expect([isAgreed(found(), 'hash'), isAgreed(found(), 'another'), isAgreed(whole, 'hash')]).toEqual([
    true,
    false,
    false,
  ])
  expect(index.of('any')).toEqual([found()])
  watched.put({ ...whole, metadata: { ...whole.metadata, resourceVersion: '5' } })
  expect(isAgreed(found(), 'hash')).toBe(true)
  const changed = { ...object(6), data: { a: '2' } }
  watched.put(changed)
  expect(found()).toBe(changed)
  expect(told).toEqual(['added a 5', 'updated a 6'])
})

it('keeps whole what has changed since it was compared, and what nobody said the essence of', () => {
  const [moved, plain] = [mirror({ essence: () => ({}) }), mirror()]
  const seen = object(5)
  for (const watched of [moved, plain]) watched.put(seen)
  const later = object(6)
  moved.put(later)
  for (const watched of [moved, plain]) watched.agree({ live: seen, wanted: seen, hash: 'hash' })
  expect(moved.store.get({ namespace: 'ns', name: 'a' })).toBe(later)
  expect(plain.store.get({ namespace: 'ns', name: 'a' })).toBe(seen)
})

it('takes what is not to be kept for gone, in a list and afterwards', () => {
  const watched = mirror({ keeps: ({ metadata }) => metadata.labels?.['whose'] === 'ours' })
  const ours = { labels: { whose: 'ours' } }
  watched.beginList()
  watched.put(object(1, { name: 'theirs' }))
  watched.put(object(2, { name: 'a', ...ours }))
  watched.completeList('3')
  expect([...watched.store.keys()]).toEqual(['ns/a'])
  watched.put(object(4, { name: 'a' }))
  watched.put(object(5, { name: 'theirs', ...ours }))
  watched.remove(object(6, { name: 'a' }))
  expect(told).toEqual(['added a 2', 'deleted a 2', 'added theirs 5'])
})

it('keeps an object that it cannot ask about, and says so', () => {
  const errors: unknown[] = []
  const failing = (): boolean => {
    throw new Error('keeps')
  }
  const parts = { now: () => 0, onHandlerError: (error: unknown) => errors.push(error) }
  const watched = new Mirror<KubeObject>({ resource: RESOURCES.ConfigMap, keeps: failing }, parts)
  watched.put(object(1))
  expect([watched.store.size, errors]).toEqual([1, [new Error('keeps')]])
})
