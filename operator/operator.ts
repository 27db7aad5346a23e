/** All controllers on one manager. What `main.ts` runs as a process, tests run in theirs. */
import { FIELD_MANAGERS, GROUP } from '../src/contract/crd/meta.ts'
import { Manager, type ManagerOptions } from './runtime/manager.ts'
import type { OperatorSettings } from './settings.ts'
import { declareCaches } from './user-deployment/caches.ts'
import { namespaceController, userDeploymentController } from './user-deployment/controller.ts'
import { createRouteProbe } from './user-deployment/route-probe.ts'

/** The name of the Lease. */
export const LEASE = 'shipyard-operator'

type Given = Pick<ManagerOptions, 'transport' | 'log' | 'identity'>
type Needed = Pick<
  OperatorSettings,
  'render' | 'reach' | 'concurrency' | 'electsLeader' | 'leaderNamespace' | 'probesListen' | 'metricsListen'
>

export function createOperator(settings: Needed, given: Given): Manager {
  const manager = new Manager({
    ...given,
    fieldManager: FIELD_MANAGERS.operator,
    domain: GROUP,
    leaderElection: settings.electsLeader ? { namespace: settings.leaderNamespace, name: LEASE } : null,
    probes: settings.probesListen,
    metrics: settings.metricsListen,
  })
  const caches = declareCaches(manager.cluster)
  manager.add(namespaceController(caches))
  const { render, concurrency, reach } = settings
  const probe = reach.entryPoints && createRouteProbe(reach.entryPoints, { connections: concurrency })
  manager.add(userDeploymentController(caches, { settings: render, concurrency, reach: { ...reach, probe } }))
  return manager
}
