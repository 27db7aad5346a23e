import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { apps } from '../../deploy/dev/start/apps.ts'
import { programStore } from '../../deploy/local/programs/store.ts'
import { startStack, type Stack } from '../../deploy/local/stack.ts'

/**
 * Brings up what `npm start` would, in a new folder that is removed at the end.
 *
 * @param parts names of what is wanted; all that it needs comes along. Default: everything.
 */
export async function withAppStack<T>(
  parts: readonly string[] | undefined,
  work: (stack: Stack) => Promise<T>,
): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'shipyard-bench-'))
  try {
    const stack = await startStack({
      folder: join(home, 'stack'),
      programs: programStore({}),
      apps,
      ...(parts ? { parts } : {}),
    })
    try {
      await stack.untilReady()
      return await work(stack)
    } finally {
      await stack.stop()
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** The process of a part. */
export function pidOf(stack: Stack, part: string): number {
  const pid = stack.states().find(({ name }) => name === part)?.pid
  if (pid === undefined) throw new Error(`${part} has no process.`)
  return pid
}
