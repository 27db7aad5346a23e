/**
 * What goes wrong with PostgreSQL, in three kinds: it cannot be reached or does not answer in time
 * (DATABASE_UNAVAILABLE), a rule of the tables was broken (`ConstraintError`), and everything else, which is a
 * mistake of ours and passes as it is. pg and Prisma wrap the same error differently; this reads both.
 */
import { AppError } from '../../errors.ts'

/**
 * A rule of the tables refused a change; nothing was changed. `constraint` names it: that of PostgreSQL
 * (`host_names_pkey`), or `table_column_not_null`.
 */
export class ConstraintError extends Error {
  override readonly name = 'ConstraintError'
  readonly constraint: string

  constructor(constraint: string, options?: ErrorOptions) {
    super(`the database refused a change by ${constraint}`, options)
    this.constraint = constraint
  }
}

/** Whether these rules refused it; any rule, if none is named. */
export function isConstraintError(error: unknown, ...constraints: string[]): error is ConstraintError {
  return (
    error instanceof ConstraintError && (constraints.length === 0 || constraints.includes(error.constraint))
  )
}

/** SQLSTATEs of a server that goes down, comes up, has no connection left, or gave up after its time-out. */
const UNAVAILABLE = new Set(['53300', '55P03', '57014', '57P01', '57P02', '57P03', '57P05', '25P03', '08006'])
/** A concurrent transaction came first: repeated from the beginning, it may well succeed. */
const CONCURRENT = new Set(['40001', '40P01'])

/** The pool's and the driver's own words; they carry no code. */
const UNREACHABLE =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end|Unable to start a transaction in the given time|Transaction already closed|Transaction API error/
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
/** Prisma's: unreachable, timed out, too many connections, pool time-out, closed transaction, closed connection. */
const PRISMA_UNAVAILABLE = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037'])
const ADAPTER_UNAVAILABLE = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
])

/** The same error in all its wrappings: pg's own, Prisma's `meta.driverAdapterError`, and their causes. */
interface Facts {
  readonly codes: readonly string[]
  readonly kinds: readonly string[]
  readonly messages: readonly string[]
  readonly constraint: string | undefined
}

/** @returns an AppError, a ConstraintError, or the error itself */
export function translateError(error: unknown): unknown {
  if (error instanceof AppError || error instanceof ConstraintError) return error
  const facts = readFacts(error)
  if (facts.constraint !== undefined) return new ConstraintError(facts.constraint, { cause: error })
  if (!isUnavailable(facts)) return error
  return new AppError('DATABASE_UNAVAILABLE', {}, { because: facts.messages[0] ?? 'no answer', cause: error })
}

/** Whether PostgreSQL refused a transaction only because of a concurrent one. */
export function isConcurrencyFailure(error: unknown): boolean {
  const { codes, kinds } = readFacts(error)
  return (
    codes.some((code) => CONCURRENT.has(code) || code === 'P2034') ||
    kinds.includes('TransactionWriteConflict')
  )
}

function isUnavailable({ codes, kinds, messages }: Facts): boolean {
  return (
    codes.some((code) => UNAVAILABLE.has(code) || SOCKET.has(code) || PRISMA_UNAVAILABLE.has(code)) ||
    kinds.some((kind) => ADAPTER_UNAVAILABLE.has(kind)) ||
    messages.some((message) => UNREACHABLE.test(message))
  )
}

function readFacts(error: unknown): Facts {
  const layers = unwrap(error)
  const texts = (key: string): string[] => layers.flatMap((layer) => text(layer[key]))
  const codes = [...texts('code'), ...texts('originalCode')]
  return {
    codes,
    kinds: texts('kind'),
    messages: texts('message'),
    constraint: codes.some((code) => code.startsWith('23') || /^P20(02|03|04|11)$/.test(code))
      ? (layers.map(constraintOf).find((name) => name !== undefined) ?? 'unnamed')
      : undefined,
  }
}

type Layer = Readonly<Record<string, unknown>>

/** The error, then what lies within it, outermost first. */
function unwrap(error: unknown): Layer[] {
  const found: Layer[] = []
  const queue: unknown[] = [error]
  while (queue.length > 0 && found.length < 12) {
    const layer = queue.shift()
    if (typeof layer !== 'object' || layer === null || found.includes(layer as Layer)) continue
    const fields = layer as Layer
    found.push(fields)
    const inner = Array.isArray(fields.errors) ? (fields.errors as unknown[]) : []
    queue.push(fields.cause, (fields.meta as Layer | undefined)?.driverAdapterError, ...inner)
  }
  return found
}

function constraintOf(layer: Layer): string | undefined {
  const { constraint, table, column } = layer
  if (typeof constraint === 'string') return constraint
  const index = (constraint as Layer | undefined)?.index
  if (typeof index === 'string') return index
  if (typeof table === 'string' && typeof column === 'string') return notNull(table, column)
  return constraintIn(text(layer.message)[0] ?? text(layer.originalMessage)[0] ?? '')
}

/** Prisma's adapter passes on the sentence of some errors, and nothing else. */
function constraintIn(sentence: string): string | undefined {
  const [, column, table] = /null value in column "(\w+)" of relation "(\w+)"/.exec(sentence) ?? []
  if (table && column) return notNull(table, column)
  return /constraint "(\w+)"/.exec(sentence)?.[1]
}

const notNull = (table: string, column: string): string => `${table}_${column}_not_null`

const text = (value: unknown): string[] => (typeof value === 'string' ? [value] : [])
