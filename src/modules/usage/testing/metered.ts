/** Deployments of which a cluster in memory says what they take, under a clock that a test moves. */
import type { Rates } from '../../../contract/crd/consumption.ts'
import { withRates } from '../../../contract/crd/consumption.ts'
import type { DeploymentId } from '../../../contract/ids.ts'
import { manualClock, type ManualClock } from '../../../ports/clock/fake.ts'
import { systemClock } from '../../../ports/clock/system.ts'
import type { ResourceKey } from '../../../ports/kube/port.ts'
import type { Tenant } from '../../../testing/builders.ts'
import { deployed } from '../../../testing/deploy.ts'
import type { World } from '../../../testing/world.ts'
import { claim } from '../../deployments/claims.ts'
import { namespaceOf } from '../../deployments/custom-resource.ts'
import type { Facts } from '../../deployments/facts.ts'
import { nameOf } from '../../deployments/name-of.ts'
import { pushDeployment } from '../../deployments/push-deployment.ts'
import type { Deps } from '../../deps.ts'

export interface Metered {
  readonly id: DeploymentId
  readonly key: ResourceKey
  /** As the operator says it, now. */
  takes(rates: Rates): void
  /** Its hours of the ledger, in order: hour of the day, then what was used. */
  hours(): Promise<{ hour: string; cpu: number; memory: number; storage: number }[]>
}

export const pushAll = async (world: World): Promise<void> => {
  for (const row of await claim(world.deps, 'test', 100)) await pushDeployment(world.deps, row, 'test')
}

/** What the loops would be given when they heard of everything. */
export function heard(world: World, clock: ManualClock): Pick<Deps, 'clock' | 'facts'> {
  const view = world.kube.watchUserDeployments()
  const facts: Facts = { cluster: () => 'live', of: (key) => view.get(key), all: () => view.list() }
  return { clock, facts }
}

/** The next full hour by the machine's clock, so that nothing is older than its resource. */
export const clockAtHour = (): ManualClock =>
  manualClock(Math.ceil(systemClock.nowMs() / 3_600_000) * 3_600_000)

export async function aMetered(world: World, tenant: Tenant, clock: ManualClock): Promise<Metered> {
  const id = await deployed(world, tenant)
  await pushAll(world)
  const key = {
    namespace: namespaceOf({ ownerId: tenant.userId, orgId: tenant.orgId }, world.deps.settings),
    name: nameOf(id),
  }
  const view = world.kube.watchUserDeployments()
  return {
    id,
    key,
    takes(rates) {
      const { status } = view.get(key) ?? {}
      const consumption = withRates(status?.consumption, rates, clock.nowMs())
      world.kube.setStatus(key, { ...status, ...(consumption ? { consumption } : {}) })
    },
    async hours() {
      const rows = await world.db.prisma.usageHour.findMany({
        where: { deploymentId: id },
        orderBy: { hour: 'asc' },
      })
      return rows.map(({ hour, cpuMilliSeconds, memoryMibSeconds, storageMibSeconds }) => ({
        hour: hour.toISOString(),
        cpu: Number(cpuMilliSeconds),
        memory: Number(memoryMibSeconds),
        storage: Number(storageMibSeconds),
      }))
    },
  }
}
