/**
 * What a slow reader has not been told yet: ids, each once, so that it never grows beyond what there is. `all`
 * stands for every one.
 */
import type { DeploymentId } from '../../contract/ids.ts'

export interface Pending {
  add(id: DeploymentId | 'all'): void
  /** What has come together, once there is something, or nothing after the time-out or the end. */
  take(timeoutMs: number, signal: AbortSignal): Promise<ReadonlySet<DeploymentId | 'all'>>
}

export function createPending(): Pending {
  let waiting = new Set<DeploymentId | 'all'>()
  let wake: (() => void) | undefined
  return {
    add(id) {
      waiting.add(id)
      wake?.()
    },
    async take(timeoutMs, signal) {
      if (waiting.size === 0 && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
          signal.addEventListener('abort', wake, { once: true })
        }).finally(() => wake && signal.removeEventListener('abort', wake))
        wake = undefined
      }
      const taken = waiting
      waiting = new Set()
      return taken
    },
  }
}
