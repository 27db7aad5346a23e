import { join } from 'node:path'

import { controlPort, StackError } from '../../local/folder.ts'
import { programStore } from '../../local/programs/store.ts'
import { startStack, type Stack } from '../../local/stack.ts'
import { root } from '../root.ts'

/**
 * Runs something that asks PostgreSQL, on the embedded one. Its data folder is kept, because making one takes
 * longer than all the rest; of several runs at the same time each has its own.
 *
 * @param work is given the address of a database server on which it may make databases
 */
export async function withPostgres<T>(work: (dsn: string) => Promise<T>): Promise<T> {
  const stack = await startFree()
  try {
    await stack.untilReady()
    return await work(String(stack.env.DATABASE_DSN))
  } finally {
    await stack.stop()
  }
}

async function startFree(): Promise<Stack> {
  for (let number = 1; number <= 8; number++) {
    const folder = join(root, '.shipyard/gen', `postgres-${number}`)
    if (controlPort(folder) !== undefined) continue
    try {
      return await startStack({ folder, programs: programStore({}), parts: ['postgres'] })
    } catch (error) {
      if (!(error instanceof StackError) || controlPort(folder) === undefined) throw error
    }
  }
  throw new Error('Eight runs of `npm run gen` are under way in this folder already.')
}
