import { expect, it } from 'vitest'

import { parseStatement } from './parse-statement.ts'
import type { Catalogue } from './types.ts'
import { writeStatement } from './write-statement.ts'

const TEXT = 25
const INT8 = 20
const type = (name: string, more: { labels?: string[]; element?: number } = {}) => ({
  name,
  labels: more.labels ?? [],
  element: more.element ?? 0,
})
const catalogue: Catalogue = {
  types: new Map([
    [INT8, type('int8')],
    [23, type('int4')],
    [TEXT, type('text')],
    [1009, type('_text', { element: TEXT })],
    [1184, type('timestamptz')],
    [3802, type('jsonb')],
    [50_000, type('role', { labels: ['viewer', 'developer'] })],
    [50_001, type('_role', { element: 50_000 })],
  ]),
  notNull: new Set(['7.1']),
}

const column = (name: string, dataTypeID = TEXT, columnID = 1) => ({ name, dataTypeID, tableID: 7, columnID })

const write = (source: string, columns: ReturnType<typeof column>[], params: number[] = []): string =>
  writeStatement(
    { name: 'find-it', parsed: parseStatement(source), description: { params, columns } },
    catalogue,
  )

/** The line of the row's type: the last type argument. */
const rowOf = (written: string): string => /\n(.*)\n>\(\{/.exec(written)?.[1] ?? ''

it('writes a statement with its comment, imports and keys', () => {
  const source =
    '-- Finds `it`.\n-- @nullable note\nSELECT id AS team_id, data FROM t WHERE a = :teamId AND b = :note AND c = :spec'
  expect(write(source, [column('team_id'), column('data', 3802, 2)], [TEXT, TEXT, 3802])).toBe(
    [
      '// Written by `npm run gen` from find-it.sql: change that.',
      `import { statement } from '../../src/ports/db/statement.ts'`,
      `import { type TeamId } from '../../src/contract/ids.ts'`,
      '',
      '/**',
      ' * Finds `it`.',
      ' */',
      'export const findIt = statement<',
      '  { teamId: TeamId; note: string | null; spec: unknown },',
      '  { teamId: TeamId; data: unknown }',
      '>({',
      `  name: 'find-it',`,
      '  text: `SELECT id AS team_id, data FROM t WHERE a = $1 AND b = $2 AND c = $3`,',
      `  params: ['teamId', 'note', 'spec'],`,
      `  json: ['spec'],`,
      `  columns: ['teamId', 'data'],`,
      '})',
      '',
    ].join('\n'),
  )
})

it('gives enums, arrays and stamps their types', () => {
  const columns = [column('role', 50_000), column('roles', 50_001), column('at', 1184), column('hosts', 1009)]
  expect(rowOf(write('SELECT 1', columns))).toBe(
    `  { role: 'viewer' | 'developer'; roles: ('viewer' | 'developer')[]; at: Date; hosts: HostName[] }`,
  )
})

it('takes a column for null that its table or an outer join may leave empty, unless it is marked', () => {
  expect(rowOf(write('SELECT 1', [column('a'), column('b', TEXT, 2)]))).toBe(
    '  { a: string; b: string | null }',
  )
  expect(rowOf(write('SELECT a, b AS "b!" FROM x LEFT JOIN t ON true', [column('a'), column('b')]))).toBe(
    '  { a: string | null; b: string }',
  )
  expect(rowOf(write('SELECT a AS "a?"', [column('a')]))).toBe('  { a: string | null }')
})

it('refuses a type that loses something in JavaScript', () => {
  expect(() => write('SELECT 1', [column('count', INT8)])).toThrow('Type int8 has no safe counterpart')
})

it('refuses an annotation for a name that does not occur', () => {
  expect(() => write('-- @nullable b\nSELECT :a', [], [TEXT])).toThrow('its annotations name b')
  expect(() => write('-- @type c string\nSELECT :a', [], [TEXT])).toThrow('its annotations name c')
})

it('refuses two columns of the same name, of which Prisma would drop one', () => {
  expect(() => write('SELECT 1', [column('a'), column('a')])).toThrow('two columns are called a')
})

it('keeps backslashes, backticks and ${ in the text', () => {
  const written = write("SELECT E'\\n', '`${x}' WHERE a = :a", [], [TEXT])
  expect(written).toContain("text: `SELECT E'\\\\n', '\\`\\${x}' WHERE a = $1`,")
})
