import { expect, it } from 'vitest'

import { parseStatement } from './parse-statement.ts'

it('turns named parameters into numbers, each name into one, in the order of appearance', () => {
  const { text, params } = parseStatement('SELECT :b, :a, :b::text FROM t WHERE c = :a\n')
  expect(text).toBe('SELECT $1, $2, $1::text FROM t WHERE c = $2')
  expect(params).toEqual(['b', 'a'])
})

it('leaves casts, quoted colons and words after a colon in a text alone', () => {
  const source = `SELECT now()::text, ':a', 'it''s :b', x::int[] FROM t WHERE y ?| :keys::text[]`
  expect(parseStatement(source)).toMatchObject({
    text: `SELECT now()::text, ':a', 'it''s :b', x::int[] FROM t WHERE y ?| $1::text[]`,
    params: ['keys'],
  })
})

it('takes marks off column names and remembers them', () => {
  const { text, marked } = parseStatement(
    'SELECT a AS "first_name!", b AS "last_name?", c AS "camelCase" FROM t',
  )
  expect(text).toBe('SELECT a AS first_name, b AS last_name, c AS "camelCase" FROM t')
  expect([...marked]).toEqual([
    ['first_name', '!'],
    ['last_name', '?'],
  ])
})

it('reads the comment and the annotations, and sends neither these nor other comments', () => {
  const source = [
    '-- Finds :nothing.',
    '--',
    '-- For people.',
    '-- @nullable a b',
    `-- @type grants { role: 'viewer' }[]`,
    'SELECT :a, :b -- not :c',
    '',
    'FROM t',
  ].join('\n')
  expect(parseStatement(source)).toEqual({
    doc: 'Finds :nothing.\n\nFor people.',
    text: 'SELECT $1, $2\nFROM t',
    params: ['a', 'b'],
    nullable: new Set(['a', 'b']),
    types: new Map([['grants', `{ role: 'viewer' }[]`]]),
    marked: new Map(),
  })
})
