import { expect, it } from 'vitest'
import { parse } from 'yaml'

import { yamlSafeJson } from './yaml-safe-json.ts'

const ALL = Array.from({ length: 0x10000 }, (_, code) => String.fromCodePoint(code))
  .filter((character) => character.isWellFormed())
  .join('')

it('is the same value as JSON, and to a reader of YAML 1.1', () => {
  const value = { [ALL.slice(0, 300)]: [ALL, '\u{1f600}', 1.5, null, true] }
  const text = yamlSafeJson(value)
  expect(JSON.parse(text)).toEqual(value)
  expect(parse(text, { version: '1.1', schema: 'json' })).toEqual(value)
})

it('holds no character that YAML refuses or takes for the end of a line', () => {
  const text = yamlSafeJson(ALL)
  const kept = Array.from({ length: 0x10000 }, (_, code) => code).filter((code) =>
    text.includes(String.fromCharCode(code)),
  )
  // YAML 1.1's printable characters, less its line breaks beyond ASCII and the mark of byte order.
  const isTaken = (code: number): boolean =>
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xfffd && ![0x2028, 0x2029, 0xfeff].includes(code))
  expect(kept.filter((code) => !isTaken(code))).toEqual([])
  expect(yamlSafeJson({ a: '\u0085\u007f' })).toBe(String.raw`{"a":"\u0085\u007f"}`)
})
