/** All loops of a server, wired to each other. */
import type { Logger } from 'pino'

import { createRightsChanges } from '../modules/access/rights-changes.ts'
import { createChanges, type Changes } from '../modules/deployments/changes.ts'
import { noFacts } from '../modules/deployments/facts.ts'
import { createLiveRows } from '../modules/deployments/live-rows.ts'
import type { Deps, Settings } from '../modules/deps.ts'
import type { Ports } from '../ports/types.ts'
import { fetchMissedEvents } from './fetch-missed-events.ts'
import { compareBilling } from './compare-billing.ts'
import { finishOrgRemovals } from './finish-org-removals.ts'
import { foldSubscriptions } from './fold-subscriptions.ts'
import { followStatus } from './follow-status.ts'
import { deliveriesOf } from './deliveries.ts'
import { holdDeployments } from './hold-deployments.ts'
import { hearRights } from './hear-rights.ts'
import type { Loop, LoopOptions } from './loop.ts'
import { meterUsageHourly } from './meter-usage.ts'
import { pushCustomResources } from './push-custom-resources.ts'
import { reportUsage } from './report-usage.ts'
import { repairDrift } from './repair-drift.ts'
import { rollBackFailed } from './roll-back-failed.ts'
import { sendOutbox } from './send-outbox.ts'
import { settleStanding } from './settle-standing.ts'
import { sweepAudit } from './sweep-audit.ts'
import { sweepSessions } from './sweep-sessions.ts'
import { sweepStagedSecrets } from './sweep-staged-secrets.ts'
import { watchImages } from './watch-images.ts'

interface Options {
  readonly ports: Ports
  readonly settings: Settings
  readonly log: Logger
  /** Names this process among all that claim. */
  readonly worker: string
  readonly onRun?: LoopOptions['onRun']
  /** For tests: how long a version that nothing names is spared, and how often it is looked. */
  readonly sweeping?: { readonly graceMs: number; readonly periodMs: number }
  readonly stopping: AbortSignal
}

export interface Workers {
  /** What use-cases are given. */
  readonly deps: Deps
  readonly loops: readonly Loop[]
  start(): void
  stop(): Promise<void>
}

type Common = Pick<Options, 'log' | 'onRun'>

/** What was used, what it means for who pays, and whether all that money hangs on agrees. */
const accountsOf = (deps: Deps, common: Common): Loop[] => [
  ...(deps.kube ? [meterUsageHourly({ deps, ...common })] : []),
  reportUsage({ deps, ...common }),
  fetchMissedEvents({ deps, ...common }),
  settleStanding({ deps, ...common }),
  holdDeployments({ deps, ...common }),
  compareBilling({ deps, ...common }),
]

/** They remove what nobody needs any more. */
const sweepsOf = (deps: Deps, common: Common, sweeping: Options['sweeping']): Loop[] => [
  sweepStagedSecrets({ deps, ...sweeping, ...common }),
  finishOrgRemovals({ deps, ...common }),
  sweepAudit({ deps, ...common }),
  sweepSessions({ deps, ...common }),
]

export function createWorkers(options: Options): Workers {
  const { ports, settings, worker, stopping } = options
  const common = { log: options.log, ...(options.onRun ? { onRun: options.onRun } : {}) }
  const changes: Changes = createChanges()
  const rights = createRightsChanges()
  const pushes = { poke: () => push.poke() }
  const effects = { poke: () => outbox.poke() }
  const inbox = { poke: () => fold.poke() }
  const follow =
    ports.kube &&
    followStatus({
      kube: ports.kube,
      changes,
      log: options.log,
      onLive: () => {
        push.poke()
        repair.poke()
      },
      onGone: () => repair.poke(),
    })
  const liveRows = createLiveRows({ db: ports.db, clock: ports.clock, changes })
  const facts = follow?.facts ?? noFacts
  const deps: Deps = {
    ...ports,
    settings,
    changes,
    pushes,
    effects,
    inbox,
    facts,
    liveRows,
    rights,
    stopping,
  }
  const push = pushCustomResources({ deps, worker, ...common })
  const outbox = sendOutbox({ deps, deliveries: deliveriesOf(deps), worker, ...common })
  const fold = foldSubscriptions({ deps, worker, ...common })
  const repair = repairDrift({ deps, ...common })
  const loops: Loop[] = [
    ...(follow ? [follow] : []),
    hearRights({ ports, rights, log: options.log }),
    push,
    repair,
    rollBackFailed({ deps, ...common }),
    watchImages({ deps, worker, ...common }),
    outbox,
    fold,
    ...accountsOf(deps, common),
    ...sweepsOf(deps, common, options.sweeping),
  ]
  return {
    deps,
    loops,
    start: () => loops.forEach((loop) => loop.start()),
    stop: async () => void (await Promise.all(loops.map(async (loop) => loop.stop()))),
  }
}
