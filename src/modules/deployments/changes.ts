/**
 * Tells within this process that a deployment has changed, in the database or in the cluster. It carries no
 * state: who hears it reads again, so that a lost or doubled word does no harm.
 */
import type { DeploymentId, TeamId } from '../../contract/ids.ts'

/** One deployment; or `everything`, when the cluster went away or came back. */
type Change = { readonly id: DeploymentId; readonly teamId: TeamId } | 'everything'

type Listener = (change: Change) => void

export interface Changes {
  emit(change: Change): void
  /** @returns how to stop listening */
  listen(listener: Listener): () => void
  /** For metrics and tests. */
  readonly listeners: number
}

export function createChanges(): Changes {
  const listeners = new Set<Listener>()
  return {
    emit(change) {
      for (const listener of listeners) listener(change)
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    get listeners() {
      return listeners.size
    },
  }
}
