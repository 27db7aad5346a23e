/** Writes the TypeScript of one statement from what its file and PostgreSQL say. */
import type { Column, Description } from './describe-statement.ts'
import type { ParsedStatement } from './parse-statement.ts'
import { BRANDS, isJson, SOURCES, typescriptOf, type Catalogue } from './types.ts'

export interface DescribedStatement {
  /** Name of its file without ending. */
  readonly name: string
  readonly parsed: ParsedStatement
  readonly description: Description
}

interface Field {
  readonly key: string
  readonly type: string
  readonly isJson: boolean
}

/** The content of `prisma/sql/<name>.generated.ts`. */
export function writeStatement(statement: DescribedStatement, catalogue: Catalogue): string {
  const { name, parsed } = statement
  const params = parsed.params.map((key, at) => param(statement, catalogue, { key, at }))
  const columns = statement.description.columns.map((column) => result(statement, catalogue, column))
  refuseUnused(parsed, [...params, ...columns])
  refuseTwice(columns)
  const body = [
    ...(parsed.doc === '' ? [] : [docComment(parsed.doc)]),
    `export const ${camel(name)} = statement<`,
    `  ${object(params)},`,
    `  ${object(columns)}`,
    `>({`,
    `  name: '${name}',`,
    `  text: \`${parsed.text.replaceAll(/[\\`$](?![0-9])/g, '\\$&')}\`,`,
    `  params: ${keys(params)},`,
    `  json: ${keys(params.filter((field) => field.isJson))},`,
    `  columns: ${keys(columns)},`,
    `})`,
  ].join('\n')
  return `${[`// Written by \`npm run gen\` from ${name}.sql: change that.`, ...imports(body), '', body].join('\n')}\n`
}

function param(
  { parsed, description }: DescribedStatement,
  catalogue: Catalogue,
  { key, at }: { key: string; at: number },
): Field {
  const oid = description.params[at] ?? 0
  const type = parsed.types.get(key) ?? branded(key, typescriptOf(catalogue, oid))
  const isNull = parsed.nullable.has(key) && type !== 'unknown'
  return { key, type: isNull ? `${type} | null` : type, isJson: isJson(catalogue, oid) }
}

function result({ parsed }: DescribedStatement, catalogue: Catalogue, column: Column): Field {
  const key = camel(column.name)
  const type = parsed.types.get(key) ?? branded(key, typescriptOf(catalogue, column.dataTypeID))
  const isNull = mayBeNull(parsed, catalogue, column)
  return {
    key,
    type: isNull && type !== 'unknown' ? `${type} | null` : type,
    isJson: isJson(catalogue, column.dataTypeID),
  }
}

/** A mark in the statement wins; else a column is as its table says, unless an outer join may leave it out. */
function mayBeNull(parsed: ParsedStatement, { notNull }: Catalogue, column: Column): boolean {
  const mark = parsed.marked.get(column.name)
  if (mark) return mark === '?'
  const hasOuterJoin = /\b(LEFT|RIGHT|FULL)\s+(OUTER\s+)?JOIN\b/i.test(parsed.text)
  return hasOuterJoin || !notNull.has(`${column.tableID}.${column.columnID}`)
}

function branded(key: string, type: string): string {
  const brand = BRANDS[key]
  return brand && /^string(\[\])?$/.test(type) ? brand : type
}

/** An annotation for a name that does not occur is a typing mistake. */
function refuseUnused({ types, nullable, params }: ParsedStatement, fields: readonly Field[]): void {
  const known = new Set(fields.map(({ key }) => key))
  const stray = [...types.keys()].filter((name) => !known.has(name))
  const strayNull = [...nullable].filter((name) => !params.includes(name))
  const all = [...stray, ...strayNull]
  if (all.length > 0) throw new Error(`its annotations name ${all.join(', ')}, which does not occur`)
}

/** Within a transaction a row comes as an object, which holds a name once. */
function refuseTwice(columns: readonly Field[]): void {
  const twice = columns.find(({ key }, at) => columns.findIndex((other) => other.key === key) < at)
  if (twice) throw new Error(`two columns are called ${twice.key}`)
}

function imports(body: string): string[] {
  const words = new Set(body.match(/\b[A-Z]\w+\b/g))
  const byFile = new Map<string, string[]>([['src/ports/db/statement.ts', ['statement']]])
  for (const [word, file] of Object.entries(SOURCES)) {
    if (words.has(word)) byFile.set(file, [...(byFile.get(file) ?? []), `type ${word}`])
  }
  return [...byFile].map(([file, names]) => `import { ${names.join(', ')} } from '../../${file}'`)
}

const docComment = (doc: string): string =>
  ['/**', ...doc.split('\n').map((line) => ` * ${line}`.trimEnd()), ' */'].join('\n')

const object = (fields: readonly Field[]): string =>
  fields.length === 0 ? 'object' : `{ ${fields.map(({ key, type }) => `${key}: ${type}`).join('; ')} }`

const keys = (fields: readonly Field[]): string => `[${fields.map(({ key }) => `'${key}'`).join(', ')}]`

const camel = (name: string): string =>
  name.replaceAll(/[_-]([a-z])/g, (_, letter: string) => letter.toUpperCase())
