/** All logs that somebody looks at in this process: for each deployment one reader, closed when the last one leaves. */
import type { DeploymentId } from '../../contract/ids.ts'
import type { Changes } from '../../modules/deployments/changes.ts'
import type { KubePort, ResourceKey } from '../../ports/kube/port.ts'
import { followDeployment, type DeploymentLogs } from './deployment-logs.ts'

export interface LogHub {
  /** The logs of a deployment; give them back by `release`. */
  open(id: DeploymentId, key: ResourceKey): { readonly logs: DeploymentLogs; readonly release: () => void }
  /** How many are open; for metrics and tests. */
  readonly size: number
}

interface Options {
  readonly kube: KubePort
  readonly changes: Changes
  readonly onTrouble: (error: unknown) => void
}

interface Open {
  readonly logs: DeploymentLogs
  viewers: number
}

export function createLogHub({ kube, changes, onTrouble }: Options): LogHub {
  const open = new Map<DeploymentId, Open>()
  let lastNumber = 0
  changes.listen((change) => {
    if (change !== 'everything') open.get(change.id)?.logs.poke()
  })

  return {
    open(id, key) {
      const entry = open.get(id) ?? {
        logs: followDeployment({ kube, key, nextNumber: () => ++lastNumber, onTrouble }),
        viewers: 0,
      }
      open.set(id, entry)
      entry.viewers += 1
      let isReleased = false
      const release = (): void => {
        if (isReleased) return
        isReleased = true
        entry.viewers -= 1
        if (entry.viewers > 0) return
        open.delete(id)
        entry.logs.stop()
      }
      return { logs: entry.logs, release }
    },
    get size() {
      return open.size
    },
  }
}
