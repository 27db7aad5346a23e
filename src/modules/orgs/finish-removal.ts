/** Takes down what a deleted organisation has left: namespaces with all that is in them, and its secrets. */
import { LABELS } from '../../contract/crd/meta.ts'
import type { OrgId } from '../../contract/ids.ts'
import { vaultPaths } from '../../contract/names.ts'
import type { OwnedObject } from '../../ports/kube/port.ts'
import type { Deps } from '../deps.ts'
import { finishRemoval, listRemovals } from './store.ts'

type Needed = Pick<Deps, 'db' | 'kube' | 'vault'>

/** @returns how many organisations are gone now; those with something left are looked at the next time */
export async function finishRemovals(deps: Needed): Promise<number> {
  const orgIds = await listRemovals(deps.db)
  if (orgIds.length === 0) return 0
  const objects = (await deps.kube?.listOwned()) ?? []
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace')
  let finished = 0
  for (const orgId of orgIds) {
    const own = namespaces.filter(({ labels }) => labels[LABELS.orgId] === orgId)
    if (await isGone(deps, orgId, own)) finished += (await finishRemoval(deps.db, orgId)) ? 1 : 0
  }
  return finished
}

async function isGone({ kube, vault }: Needed, orgId: OrgId, own: readonly OwnedObject[]): Promise<boolean> {
  for (const namespace of own) if (!namespace.isTerminating) await kube?.deleteOwned(namespace)
  // Only what is not found any more is gone: a namespace takes its time.
  if (own.length > 0) return false
  await vault.deleteAll(vaultPaths.organisation(orgId))
  return true
}
