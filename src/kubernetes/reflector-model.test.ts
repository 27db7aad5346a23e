/**
 * Whatever happens, in whatever order: in the end the store is what the server has, and whoever only listened to the
 * changes has the same picture.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { KubeObject } from './object.ts'
import { createReflector } from './reflector.ts'
import type { Reflector } from './reflector-types.ts'
import { RESOURCES } from './resources.ts'
import { labelSelector } from './selector.ts'
import { Index } from './store.ts'
import { ApiModel } from './testing/api-model.ts'
import { FakeClock } from './testing/fake-clock.ts'
import { ModelTransport, type Fault } from './testing/model-transport.ts'

/** When the writer hears of what it wrote, if it ever does. */
type Answer = 'at once' | 'late' | 'never'
type Action =
  | { type: 'put'; name: string; app: string; answer: Answer }
  | { type: 'answer' }
  | { type: 'remove'; name: string }
  | { type: 'compact' }
  | { type: 'wait'; milliseconds: number }
  | { type: 'restart' }
  | { type: 'fault'; fault: Fault }

const name = fc.constantFrom('a', 'b', 'c', 'd')
const app = fc.constantFrom('x', 'y')
const after = fc.nat(6)
const answer = fc.constantFrom<Answer[]>('at once', 'late', 'never')
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ type: fc.constant('status' as const), status: fc.constantFrom(401, 404, 410, 429, 500, 503) }),
  fc.record({ type: fc.constantFrom('refused' as const, 'timeout' as const) }),
  fc.record({ type: fc.constantFrom('reset' as const, 'end' as const, 'silence' as const), after }),
  fc.record({
    type: fc.constant('nonsense' as const),
    after,
    line: fc.constantFrom(
      '{"type":"ADD',
      '[]',
      '{"type":"ADDED"}',
      '{"type":"OTHER","object":{"metadata":{}}}',
      '17',
    ),
  }),
)
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('put' as const), name, app, answer }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('answer' as const) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('remove' as const), name }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('compact' as const) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('wait' as const), milliseconds: fc.nat(100_000) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('fault' as const), fault }) },
)

interface Script {
  actions: Action[]
  pages: boolean
  chunk: number
  random: number
  handlerFails: boolean
}

const script: fc.Arbitrary<Script> = fc.record({
  actions: fc.array(action, { maxLength: 40 }),
  pages: fc.boolean(),
  chunk: fc.constantFrom(7, 64, 100_000),
  random: fc.constantFrom(0, 0.5, 0.999),
  handlerFails: fc.boolean(),
})

const selector = labelSelector({ app: 'x' })

async function play({ actions, pages, chunk, random, handlerFails }: Script): Promise<void> {
  const clock = new FakeClock()
  const model = new ApiModel(clock)
  const transport = new ModelTransport(model, { clock, chunk, refusesStreamingLists: pages, page: 2 })
  const byApp = new Index<KubeObject>(({ metadata }) => [metadata.labels?.['app'] ?? ''])
  const reflector = createReflector<KubeObject>({
    resource: RESOURCES.ConfigMap,
    labels: selector,
    transport,
    clock,
    random: () => random,
    indexes: [byApp],
  })
  const heard = listener(reflector)
  if (handlerFails) {
    reflector.onChange(() => {
      throw new Error('a handler')
    })
  }
  reflector.start()
  const late: KubeObject[] = []
  for (const each of actions) await act(each, { clock, model, transport, reflector, late })
  transport.faults.length = 0
  // The longest way back: silence, a rest of 30 s, a list; twice, because a list may meet a 410.
  await clock.advance(75_000 + 2 * 31_000)
  for (const object of late) reflector.accept(object)
  const expected = versionsOf(model.selected(selector))
  expect(versionsOf(reflector.store.values())).toEqual(expected)
  expect(versionsOf(heard.values())).toEqual(expected)
  expect(versionsOf(byApp.of('x'))).toEqual(expected)
  expect(byApp.of('y')).toEqual([])
  expect(reflector).toMatchObject({ isSynced: true, isServed: true })
  // Each fault costs one error at most: nothing goes wrong by itself and is mended in silence.
  const faults = actions.filter(({ type }) => type === 'fault' || type === 'compact').length
  expect(reflector.counts.errors).toBeLessThanOrEqual(faults + (pages ? 1 : 0))
  expect(reflector.counts.handlerErrors > 0 && !handlerFails).toBe(false)
  expect(reflector.secondsSinceContact()).toBeLessThanOrEqual(75)
  expect(transport.open).toBe(1)
  await reflector.stop()
  expect(transport.open).toBe(0)
}

interface Stage {
  clock: FakeClock
  model: ApiModel
  transport: ModelTransport
  reflector: Reflector
  /** Answers that are on their way. */
  late: KubeObject[]
}

async function act(each: Action, { clock, model, transport, reflector, late }: Stage): Promise<void> {
  if (each.type === 'put') {
    const object = structuredClone(model.put(each.name, { app: each.app }))
    // A writer often has the answer before the watch tells it, and sometimes long after.
    if (each.answer === 'at once') reflector.accept(object)
    if (each.answer === 'late') late.push(object)
  } else if (each.type === 'answer') for (const object of late.splice(0)) reflector.accept(object)
  else if (each.type === 'remove') model.remove(each.name)
  else if (each.type === 'compact') model.compact()
  else if (each.type === 'wait') await clock.advance(each.milliseconds)
  else if (each.type === 'fault') transport.faults.push(each.fault)
  else {
    await reflector.stop()
    reflector.start()
  }
}

/** What somebody knows who only listens; who is told nonsense ("deleted" what never was) fails at once. */
function listener(reflector: Reflector): Map<string, KubeObject> {
  const known = new Map<string, KubeObject>()
  reflector.onChange(({ type, key, object, previous }) => {
    const before = known.get(key)
    if ((before === undefined) !== (type === 'added')) throw new Error(`${type} ${key} makes no sense.`)
    if (previous !== undefined && previous !== before) throw new Error('The previous one is another.')
    if (type === 'deleted') known.delete(key)
    else known.set(key, object)
  })
  return known
}

function versionsOf(objects: Iterable<KubeObject>): string[] {
  return [...objects]
    .map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`)
    .toSorted()
}

it('ends with what the server has, after any script of events and faults', async () => {
  await fc.assert(fc.asyncProperty(script, play), { numRuns: 1_500 })
})

it('hears of two changes at once after a minute of quiet', async () => {
  const broken = { type: 'nonsense', after: 0, line: '{"type":"ADD' } as const
  const put = { type: 'put', name: 'a', app: 'x', answer: 'never' } as const
  const actions: Action[] = [
    { type: 'wait', milliseconds: 60_100 },
    put,
    { type: 'fault', fault: broken },
    put,
  ]
  await expect(
    play({ actions, pages: true, chunk: 7, random: 0, handlerFails: false }),
  ).resolves.toBeUndefined()
})
