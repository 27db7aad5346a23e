import fc from 'fast-check'
import { expect, it } from 'vitest'
import { withoutManagedFields } from './cut-bookkeeping.ts'

const parse = (text: string): unknown => JSON.parse(text)
const cut = (value: unknown, indent = 0): unknown =>
  parse(withoutManagedFields(Buffer.from(JSON.stringify(value, undefined, indent))))

const text = fc
  .array(
    fc.constantFrom('"', '\\', '{', '}', '[', ']', '"managedFields":[', 'managedFields', ',', ':', 'é', '😀'),
  )
  .map((parts) => parts.join(''))
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.record({ managedFields: fc.array(text) }))
const fields = fc.dictionary(fc.oneof(fc.constantFrom('name', 'labels', 'data', 'spec'), text), value, {
  maxKeys: 4,
})

interface Parts {
  before: Record<string, unknown>
  metaBefore: Record<string, unknown>
  managed: unknown
  metaAfter: Record<string, unknown>
  after: Record<string, unknown>
}
const parts = fc.record({
  before: fields,
  metaBefore: fields,
  managed: value,
  metaAfter: fields,
  after: fields,
})

/** Every place that the field may have among others; the keys that matter stand once. */
function objectOf({ before, metaBefore, managed, metaAfter, after }: Parts, isManaged: boolean): object {
  const own = (all: Record<string, unknown>): object =>
    Object.fromEntries(
      Object.entries(all).filter(([name]) => !['metadata', 'managedFields', 'object'].includes(name)),
    )
  const metadata = { ...own(metaBefore), ...(isManaged ? { managedFields: managed } : {}), ...own(metaAfter) }
  return { ...own(before), metadata, ...own(after) }
}

it('takes the field out of metadata, and nothing else, wherever it stands', () => {
  fc.assert(
    fc.property(parts, fc.boolean(), fc.constantFrom(0, 2), (each, isEvent, indent) => {
      const wrap = (object: object): object => (isEvent ? { type: 'ADDED', object } : object)
      expect(cut(wrap(objectOf(each, true)), indent)).toEqual(
        parse(JSON.stringify(wrap(objectOf(each, false)))),
      )
    }),
    { numRuns: 2_000 },
  )
})

it('leaves everything as it is where there is no such field', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (each) => {
      expect(cut(each)).toEqual(parse(JSON.stringify(each)))
    }),
  )
  for (const each of [
    { managedFields: [1] },
    { spec: { managedFields: [1] } },
    { metadata: ['managedFields'] },
    'managedFields',
  ]) {
    expect(cut(each)).toEqual(each)
  }
})

it('leaves it to the parser to say that something is no JSON', () => {
  for (const broken of [
    '{"metadata":{"managedFields":[',
    '{"metadata":{"managedFields"',
    '{"metadata" "managedFields"}',
    '',
  ]) {
    expect(() => parse(withoutManagedFields(Buffer.from(broken)))).toThrow(SyntaxError)
  }
})
