import { programNames, type ProgramName } from './catalogue.ts'
import type { ProgramStore } from './store.ts'

export interface Fetched {
  readonly name: ProgramName
  /** null if it could not be had; then there is a reason. */
  readonly path: string | null
  readonly reason: string | null
}

/** Gets every program (or those named), so that a later start needs neither network nor compiler. Never rejects for one that fails. */
export async function fetchPrograms(
  store: ProgramStore,
  names: readonly ProgramName[] = programNames,
  signal?: AbortSignal,
): Promise<Fetched[]> {
  const results = await Promise.allSettled(names.map((name) => store.get(name, signal)))
  signal?.throwIfAborted()
  return results.map((result, index) => {
    const name = names[index] as ProgramName
    if (result.status === 'fulfilled') return { name, path: result.value, reason: null }
    return {
      name,
      path: null,
      reason: result.reason instanceof Error ? result.reason.message : String(result.reason),
    }
  })
}
