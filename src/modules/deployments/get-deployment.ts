import type { DeploymentId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Deps } from '../deps.ts'
import type { DeploymentView } from './schema.ts'
import { findRow, type DeploymentRow } from './store.ts'
import { viewOfRow } from './view.ts'

type Needed = Pick<Deps, 'db' | 'facts' | 'settings'>

/** @throws {AppError} NOT_FOUND */
export async function getDeployment(deps: Needed, id: DeploymentId): Promise<DeploymentView> {
  return viewOfRow(await getRow(deps, id), deps)
}

/** @throws {AppError} NOT_FOUND */
export async function getRow({ db }: Pick<Deps, 'db'>, id: DeploymentId): Promise<DeploymentRow> {
  return (await findRow(db, id)) ?? fail('NOT_FOUND', { what: 'deployment' })
}
