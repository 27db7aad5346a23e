import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonLines } from './json-lines.ts'
import { collect } from './testing/collect.ts'
import { LineSplitter, MalformedStreamError } from './line-splitter.ts'

/** Cuts at these places, in any order, wherever they fall: inside a character too. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b)
  return [0, ...cuts].map((from, at) => bytes.subarray(from, cuts[at] ?? bytes.length))
}

const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((line) => line.replaceAll(/[\n\r]/g, ''))

it('finds the same lines however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(text), text, fc.array(fc.nat()), (lines, rest, places) => {
      const splitter = new LineSplitter()
      const bytes = Buffer.from([...lines.map((line) => `${line}\n`), rest].join(''))
      const found = cutAt(bytes, places).flatMap((chunk) => splitter.push(chunk))
      expect(found.map(String)).toEqual(lines)
      expect(String(splitter.rest())).toBe(rest)
      expect(String(splitter.rest())).toBe('')
    }),
  )
})

it('gives up on a line that does not end', () => {
  const splitter = new LineSplitter()
  const megabyte = Buffer.alloc(1024 * 1024, 'x')
  const endless = (): void => {
    for (let each = 0; each < 40; each++) splitter.push(megabyte)
  }
  expect(endless).toThrow(MalformedStreamError)
})

async function* chunksOf(bytes: Buffer, places: readonly number[]): AsyncGenerator<Buffer> {
  yield* cutAt(bytes, places)
}

it('parses each line of a stream, and drops half a line at its end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.json()), fc.array(fc.nat()), async (values, places) => {
      const bytes = Buffer.from(`${values.map((value) => `${value}\n`).join('')}\n{"half`)
      const parsed = await collect(jsonLines(chunksOf(bytes, places)))
      expect(parsed).toEqual(values.map((value) => JSON.parse(value) as unknown))
    }),
    { numRuns: 200 },
  )
})

it('names the line that is no JSON', async () => {
  const lines = jsonLines(chunksOf(Buffer.from('{}\n{"type":\n'), []))
  await expect(collect(lines)).rejects.toThrow('A line of the stream is no JSON: {"type":')
})
