import { newId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import { tellDeployments } from '../members/kept-deployments.ts'
import type { Deps } from '../deps.ts'
import type { OrgDone } from './schema.ts'
import { deleteOrgRow } from './store.ts'

/**
 * Deletes an organisation nothing of which runs. Nobody sees it from then on; a worker takes down what it has in the
 * cluster and in Vault.
 *
 * @throws {AppError} STILL_IN_USE with the deployments that are there
 */
export async function deleteOrg(
  { db, effects }: Pick<Deps, 'db' | 'effects'>,
  caller: Caller,
): Promise<OrgDone> {
  const { orgId } = caller.scope
  const { outcome } = await deleteOrgRow(db, {
    ...auditOf(caller),
    orgId,
    requestedById: caller.actor.userId,
    effectId: newId('out'),
  })
  if (outcome === 'no_such_org') fail('NOT_FOUND', { what: 'organisation' })
  if (outcome === 'in_use') {
    fail('STILL_IN_USE', { what: 'organisation', deployments: await tellDeployments(db, { orgId }) })
  }
  effects.poke()
  return { id: orgId }
}
