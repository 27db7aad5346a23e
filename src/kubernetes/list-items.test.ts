import fc from 'fast-check'
import { expect, it } from 'vitest'
import { listItems, ListScanner } from './list-items.ts'
import { MalformedStreamError } from './line-splitter.ts'

async function* cut(text: string, places: readonly number[]): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  let from = 0
  for (const to of [
    ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ]) {
    yield bytes.subarray(from, to)
    from = Math.max(from, to)
  }
}

async function read(
  text: string,
  places: readonly number[] = [],
): Promise<{ items: unknown[]; metadata: unknown }> {
  const found = listItems(cut(text, places))
  const items: unknown[] = []
  for (;;) {
    const next = await found.next()
    if (next.done) return { items, metadata: next.value }
    items.push(next.value)
  }
}

/** Objects with what a careless scanner stumbles over: quotes, backslashes and braces in texts, lists of lists. */
const nastyText = fc
  .array(fc.constantFrom('"', '\\', '{', '}', '[', ']', 'items', '":', ',', 'é', '😀', 'x'))
  .map((all) => all.join(''))
const item = fc.dictionary(nastyText, fc.oneof(nastyText, fc.jsonValue({ maxDepth: 3 })), { maxKeys: 4 })
const metadata = fc.record(
  { resourceVersion: fc.stringMatching(/^\d+$/), continue: nastyText, remainingItemCount: fc.nat() },
  { requiredKeys: ['resourceVersion'] },
)

const lists = fc
  .record({ items: fc.array(item, { maxLength: 5 }), metadata, kind: nastyText, itemsFirst: fc.boolean() })
  .map(({ itemsFirst, ...parts }) =>
    itemsFirst
      ? { items: parts.items, kind: parts.kind, extra: [[{ items: [1] }]], metadata: parts.metadata }
      : {
          kind: parts.kind,
          apiVersion: 'items',
          metadata: parts.metadata,
          extra: { metadata: { a: 1 }, items: [{}] },
          items: parts.items,
        },
  )

it('finds what JSON.parse finds, however the list is written and cut', async () => {
  const places = fc.array(fc.nat(), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(lists, places, fc.constantFrom(0, 2), async (whole, cuts, indent) => {
      const text = JSON.stringify(whole, undefined, indent)
      const truth = JSON.parse(text) as typeof whole
      expect(await read(text, cuts)).toEqual({ items: truth.items, metadata: truth.metadata })
    }),
    { numRuns: 400 },
  )
})

it('reads lists without items: null, none, empty', async () => {
  for (const list of [
    '{"metadata":{},"items":null}',
    '{"metadata":{}}',
    '{"items":[],"metadata":{}}',
    '{}',
  ]) {
    expect((await read(list)).items).toEqual([])
  }
})

it.each(['{"items":[{"a":1}', '{"items":[{"a":1}]', '', '{"metadata":{"resourceVersion":"1"'])(
  'says that %j was cut off',
  async (text) => {
    await expect(read(text)).rejects.toThrow(MalformedStreamError)
  },
)

it('says that an item is no JSON', async () => {
  await expect(read('{"items":[{a:1}]}')).rejects.toThrow('A list holds what is no JSON: {a:1}')
})

it('gives items before the list has ended', () => {
  const scanner = new ListScanner()
  expect(scanner.push(Buffer.from('{"items":[{"a":1},{"a"'))).toEqual([{ a: 1 }])
  expect(scanner.isComplete).toBe(false)
  expect(scanner.push(Buffer.from(':2}],"metadata":{"resourceVersion":"7"}}'))).toEqual([{ a: 2 }])
  expect(scanner).toMatchObject({ isComplete: true, metadata: { resourceVersion: '7' } })
})
