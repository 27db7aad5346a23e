// First: Prisma asks for it while it is loaded.
import './settings.ts'

import { setTimeout as delay } from 'node:timers/promises'
import { PrismaPg } from '@prisma/adapter-pg'

import { PrismaClient } from '../../../prisma/dist/client.ts'
import { isConcurrencyFailure, translateError } from './errors.ts'
import { listenOn } from './listen.ts'
import { openPool, queryPool, type PoolOptions } from './pool.ts'
import type { Db, Queries } from './port.ts'
import { statementsOver, type Send } from './run-statement.ts'

export interface DbOptions extends PoolOptions {
  /** Hears how long each typed statement took, waiting for a connection included. */
  readonly onDuration?: (statement: string, milliseconds: number) => void
}

/** Attempts of one transaction or statement, and the longest pause before the next one. */
const TX_ATTEMPTS = 5
const TX_PAUSE_MS = 50
/** PostgreSQL ends statements and idle transactions long before; see sessionSetup. */
const TX_TIMEOUT_MS = 120_000

/**
 * The database of a DSN. Nothing is connected before the first use, and nothing is lost for good when PostgreSQL
 * goes away: the next use connects anew.
 *
 * Typed statements go to pg directly, as named prepared statements: measured against `$queryRawUnsafe` over the
 * same pool they cost 0.35 to 0.6 of the processor's time (docs/decisions/023).
 */
export function connectDb(options: DbOptions): Db {
  const pool = openPool(options)
  // Without a limit of its own Prisma keeps the plan of every shape of query that it has ever seen.
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), queryPlanCacheMaxSize: 200 })
  const translating = withTranslatedErrors(prisma)
  // A statement that was chosen to end a deadlock has changed nothing, so it is sent again.
  const onPool: Send = async ({ name, text }, values) =>
    repeatWhileConcurrent(async () => queryPool(pool, { name, text, values: [...values], rowMode: 'array' }))
  return {
    prisma: translating,
    ...statementsOver(timed(onPool, options.onDuration)),
    withTx: async (work) => repeatWhileConcurrent(async () => runTx(translating, options, work)),
    listen: (channel, listener) => listenOn({ dsn: options.dsn, channel, ...listener }),
    async ping() {
      await queryPool(pool, { text: 'SELECT 1', rowMode: 'array' }).catch((error: unknown) => {
        throw translateError(error)
      })
    },
    async close() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

/** Every call of a model, inside and outside of transactions, throws what ports/db promises. */
function withTranslatedErrors(prisma: PrismaClient): PrismaClient {
  const extended = prisma.$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          return (await query(args)) as unknown
        } catch (error) {
          throw translateError(error)
        }
      },
    },
  })
  // Nothing is added to the client, so it keeps its type; the type of an extension is dear to check.
  return extended as unknown as PrismaClient
}

async function runTx<T>(
  prisma: PrismaClient,
  { connectTimeoutMs = 5_000 }: DbOptions,
  work: (tx: Queries) => Promise<T>,
): Promise<T> {
  try {
    return await prisma.$transaction(
      async (tx) => {
        const inTx: Send = async ({ text }, values) => {
          const rows = await tx.$queryRawUnsafe<Record<string, unknown>[]>(text, ...values)
          // In the order of the columns, whose names the generator keeps distinct.
          return rows.map((row) => Object.values(row))
        }
        return work({ prisma: tx, ...statementsOver(inTx) })
      },
      { isolationLevel: 'Serializable', maxWait: connectTimeoutMs, timeout: TX_TIMEOUT_MS },
    )
  } catch (error) {
    throw translateError(error)
  }
}

async function repeatWhileConcurrent<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (attempt === TX_ATTEMPTS || !isConcurrencyFailure(error)) throw error
      await delay(Math.random() * TX_PAUSE_MS * attempt)
    }
  }
}

function timed(send: Send, onDuration: DbOptions['onDuration']): Send {
  if (!onDuration) return send
  return async (statement, values) => {
    const started = performance.now()
    try {
      return await send(statement, values)
    } finally {
      onDuration(statement.name, performance.now() - started)
    }
  }
}
