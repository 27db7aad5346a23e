import type { Deps } from '../deps.ts'
import { holdOverLimitRows, listOverLimitOrgs } from './store.ts'

/**
 * Has what a plan does not allow stopped, and started again where there is room. Nothing is deleted. Level-triggered, so
 * it plays no part how the plan became smaller.
 *
 * @returns how many deployments changed
 */
export async function holdOverLimit({
  db,
  settings,
  changes,
  pushes,
}: Pick<Deps, 'db' | 'settings' | 'changes' | 'pushes'>): Promise<number> {
  const { isBillingEnabled } = settings
  const orgs = await listOverLimitOrgs(db, isBillingEnabled)
  const changed = []
  for (const orgId of orgs) changed.push(...(await holdOverLimitRows(db, orgId, isBillingEnabled)))
  for (const { deploymentId: id, teamId } of changed) changes.emit({ id, teamId })
  if (changed.length > 0) pushes.poke()
  return changed.length
}
