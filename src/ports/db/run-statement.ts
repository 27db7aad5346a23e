import type { Queries } from './port.ts'
import type { Statement } from './statement.ts'
import { translateError } from './errors.ts'

/** Sends a statement to one connection or to any, and gives the values of each row in the order of the columns. */
export type Send = <Params, Row>(
  statement: Statement<Params, Row>,
  values: readonly unknown[],
) => Promise<readonly (readonly unknown[])[]>

/** The three ways to ask, over one way to send. */
export function statementsOver(send: Send): Omit<Queries, 'prisma'> {
  const all: Queries['all'] = async (statement, params) => {
    try {
      const rows = await send(statement, valuesOf(statement, params))
      return toRows(statement, rows)
    } catch (error) {
      throw translateError(error)
    }
  }
  const first: Queries['first'] = async (statement, params) => {
    const rows = await all(statement, params)
    if (rows.length > 1) {
      throw new Error(`${statement.name} answered with ${rows.length} rows where one is wanted at most.`)
    }
    return rows[0]
  }
  const one: Queries['one'] = async (statement, params) => {
    const row = await first(statement, params)
    if (row === undefined) throw new Error(`${statement.name} answered with no row where one is wanted.`)
    return row
  }
  return { all, first, one }
}

function valuesOf<Params, Row>(statement: Statement<Params, Row>, params: Params): unknown[] {
  return statement.params.map((key) => {
    const value = params[key]
    if (value === undefined) throw new Error(`${statement.name} was called without ${key}; null is a value.`)
    return value !== null && statement.json.includes(key) ? JSON.stringify(value) : value
  })
}

const emptyRows = new WeakMap<readonly string[], Record<string, unknown>>()

/**
 * Rows are copies of one empty row: an object that gets its keys one by one, in a loop, becomes a slow dictionary
 * after a dozen of them (pg does the same).
 */
function emptyRowOf(columns: readonly string[]): Record<string, unknown> {
  const known = emptyRows.get(columns)
  if (known) return known
  const empty = { ...Object.fromEntries(columns.map((key) => [key, null])) }
  emptyRows.set(columns, empty)
  return empty
}

function toRows<Params, Row>(
  { columns }: Statement<Params, Row>,
  rows: readonly (readonly unknown[])[],
): Row[] {
  const empty = emptyRowOf(columns)
  return rows.map((values) => {
    const row = { ...empty }
    let at = 0
    for (const key of columns) row[key] = values[at++]
    return row as Row
  })
}
