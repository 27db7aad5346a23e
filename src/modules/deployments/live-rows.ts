/**
 * Rows for those who watch: however many they are, a row is read once for a change. Who hears of a change may ask at
 * once: what was read before it is forgotten.
 */
import type { DeploymentId } from '../../contract/ids.ts'
import type { Ports } from '../../ports/types.ts'
import type { Changes } from './changes.ts'
import { findRow, type DeploymentRow } from './store.ts'

/** Watchers hear of a change at the same moment and ask within a few milliseconds of each other. */
const FRESH_MS = 100

export interface LiveRows {
  /** Undefined: there is no such deployment (any more). */
  read(id: DeploymentId): Promise<DeploymentRow | undefined>
}

interface Needed extends Pick<Ports, 'db' | 'clock'> {
  readonly changes: Changes
}

interface Read {
  readonly at: number
  readonly row: Promise<DeploymentRow | undefined>
}

export function createLiveRows({ db, clock, changes }: Needed): LiveRows {
  const reads = new Map<DeploymentId, Read>()
  changes.listen((change) => {
    if (change !== 'everything') reads.delete(change.id)
  })
  return {
    async read(id) {
      const now = clock.monotonicMs()
      for (const [each, { at }] of reads) if (now - at >= FRESH_MS) reads.delete(each)
      const row = reads.get(id)?.row ?? findRow(db, id)
      if (!reads.has(id)) reads.set(id, { at: now, row })
      return row
    },
  }
}
