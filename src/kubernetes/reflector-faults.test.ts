import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Index } from './store.ts'
import type { Fault } from './testing/model-transport.ts'
import { names, told, world } from './testing/reflector-world.ts'

it('breaks off a watch that says nothing for 75 seconds', async () => {
  const { clock, model, transport, reflector, errors } = world()
  model.put('a')
  transport.faults.push({ type: 'silence', after: 2 })
  reflector.start()
  await clock.advance(0)
  model.put('b')
  await clock.advance(74_000)
  expect(names(reflector)).toEqual(['ns/a'])
  expect(reflector.secondsSinceContact()).toBeCloseTo(74, 0)
  await clock.advance(2_000)
  expect(names(reflector)).toEqual(['ns/a', 'ns/b'])
  expect(errors).toMatchObject([{ reason: 'Silent', status: 0 }])
  expect(transport.open).toBe(1)
  expect(reflector.counts.lists).toBe(1)
})

it('breaks off a page that stops in its middle', async () => {
  const { clock, model, transport, reflector } = world({}, { refusesStreamingLists: true })
  model.put('a')
  transport.faults.push({ type: 'none' }, { type: 'silence', after: 0 })
  reflector.start()
  await clock.advance(70_000)
  expect(reflector.isSynced).toBe(false)
  await clock.advance(10_000)
  expect(reflector.isSynced).toBe(true)
})

it('tries again for ever, at most 30 seconds later, and says for how long it heard nothing', async () => {
  const { clock, model, transport, reflector, errors } = world()
  transport.faults.push(...Array.from({ length: 200 }, (): Fault => ({ type: 'status', status: 500 })))
  reflector.start()
  expect(reflector.secondsSinceContact()).toBe(Number.POSITIVE_INFINITY)
  await clock.advance(10 * 60_000)
  expect(errors.length).toBeGreaterThan(20)
  expect(errors.length).toBeLessThan(60)
  expect(clock.next).toBeLessThanOrEqual(30_000)
  expect(reflector.isSynced).toBe(false)
  expect(reflector.lastError).toMatchObject({ status: 500 })
  transport.faults.length = 0
  model.put('a')
  await clock.advance(30_000)
  expect(reflector.isSynced).toBe(true)
  expect(reflector.lastError).toBeUndefined()
})

it('is back within five seconds of a server that could not be reached for a minute', async () => {
  const { clock, model, transport, reflector } = world({ random: () => 0.999 })
  reflector.start()
  await clock.advance(0)
  const refuse = (): void => void transport.faults.unshift({ type: 'refused' })
  const original = transport.stream.bind(transport)
  let isDown = true
  transport.stream = async (request) => {
    if (isDown) refuse()
    return original(request)
  }
  await reflector.stop()
  reflector.start()
  await clock.advance(60_000)
  model.put('a')
  isDown = false
  await clock.advance(5_000)
  expect(names(reflector)).toEqual(['ns/a'])
})

it('does not hammer a server that ends every watch at once', async () => {
  const { clock, transport, reflector } = world()
  transport.stream = async (request) => {
    transport.asked.push(request)
    return { status: 200, headers: {}, body: (async function* nothing() {})() }
  }
  reflector.start()
  await clock.advance(5 * 60_000)
  expect(transport.asked.length).toBeLessThan(30)
})

it('survives handlers, indexers, trimming and error listeners that throw', async () => {
  const { clock, model, reflector, changes } = world({
    trim: (object) => {
      if (object.metadata.name === 'bad') throw new Error('trim')
      return object
    },
    indexes: [
      new Index(() => {
        throw new Error('indexer')
      }),
    ],
    onError: () => {
      throw new Error('listener')
    },
  })
  reflector.onChange(() => {
    throw new Error('handler')
  })
  const later: string[] = []
  reflector.onChange(({ key }) => later.push(key))
  reflector.start()
  model.put('bad')
  model.put('good')
  await clock.advance(0)
  model.remove('good')
  await clock.advance(0)
  expect(told(changes)).toEqual(['added ns/bad', 'added ns/good', 'deleted ns/good'])
  expect(later).toEqual(['ns/bad', 'ns/good', 'ns/good'])
  expect(reflector.counts).toMatchObject({ lists: 1, watches: 1 })
  expect(reflector.counts.handlerErrors).toBeGreaterThanOrEqual(3)
})

it('counts a missing kind as synced only where it may be missing, and finds it when it comes', async () => {
  for (const optional of [true, false]) {
    const { clock, model, transport, reflector } = world({ optional })
    transport.faults.push(...Array.from({ length: 3 }, (): Fault => ({ type: 'status', status: 404 })))
    reflector.start()
    await clock.advance(100)
    expect(reflector).toMatchObject({ isSynced: optional, isServed: false })
    model.put('a')
    await clock.advance(60_000)
    expect(reflector).toMatchObject({ isSynced: true, isServed: true })
    expect(names(reflector)).toEqual(['ns/a'])
  }
})

it('leaves no connection and no timer when it is stopped, at whatever moment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(200_000), fc.nat(3), async (after, failures) => {
      const { clock, model, transport, reflector } = world()
      transport.faults.push(...Array.from({ length: failures }, (): Fault => ({ type: 'timeout' })))
      model.put('a')
      reflector.start()
      reflector.start() // changes nothing
      await clock.advance(after)
      const stopped = reflector.stop()
      await clock.advance(0)
      await stopped
      const asked = transport.asked.length
      await clock.advance(100_000)
      expect({ open: transport.open, asked: transport.asked.length }).toEqual({ open: 0, asked })
    }),
    { numRuns: 30 },
  )
})

it('waits to be synced no longer than a signal allows', async () => {
  const { clock, reflector } = world()
  const controller = new AbortController()
  const waiting = reflector.untilSynced(controller.signal)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  reflector.start()
  await clock.advance(0)
  await expect(reflector.untilSynced(new AbortController().signal)).resolves.toBeUndefined()
  await expect(reflector.untilSynced()).resolves.toBeUndefined()
})
