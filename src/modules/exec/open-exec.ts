/** Opens a terminal in a container of a deployment. */
import type { ExecQuery } from '../../contract/exec.ts'
import type { DeploymentId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { LogSource, RunningProgram } from '../../ports/kube/port.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import { chooseContainer, type Chosen } from './choose-container.ts'
import { podsOf, type Needed } from './pods-of.ts'
import { openExecRow } from './store.ts'

/** The better shell where the image has it. */
const SHELL = ['/bin/sh', '-c', 'exec "$(command -v bash || echo /bin/sh)"'] as const

/** Where a terminal would be opened. */
export interface ExecPlace extends Chosen {
  readonly id: DeploymentId
  readonly source: LogSource
}

/**
 * Only a pod of this very deployment, whatever is named.
 *
 * @throws {AppError} NOT_FOUND, NOTHING_RUNS, CLUSTER_UNAVAILABLE
 */
export async function findExecPlace(deps: Needed, id: DeploymentId, query: ExecQuery): Promise<ExecPlace> {
  const { key, pods } = await podsOf(deps, id)
  const { service, pod } = query
  if (pod !== undefined && !pods.some(({ name }) => name === pod)) fail('NOT_FOUND', { what: 'pod' })
  const chosen = chooseContainer(pods, query)
  if (!chosen) return fail('NOTHING_RUNS', { service: service ?? 'this deployment' })
  return { ...chosen, id, source: { namespace: key.namespace, pod: chosen.pod, container: chosen.container } }
}

interface Opening {
  readonly place: ExecPlace
  readonly size: Pick<ExecQuery, 'columns' | 'rows'>
  readonly signal: AbortSignal
}

/**
 * Writes it to the audit, then opens it: there is no terminal of which there is no row. What is typed is written
 * nowhere.
 *
 * @throws {AppError} BEING_DELETED, NOT_FOUND, CLUSTER_UNAVAILABLE
 */
export async function openExec(
  { db, kube }: Needed,
  by: Pick<Caller, 'actor' | 'requestId' | 'origin'>,
  { place, size: { columns, rows }, signal }: Opening,
): Promise<RunningProgram> {
  if (!kube) return fail('CLUSTER_UNAVAILABLE', {}, { because: 'KUBERNETES_ENABLED is false' })
  const { id: deploymentId, service, pod, container, source } = place
  const { activityId: _, ...audited } = auditOf(by)
  const command = SHELL.join(' ')
  const opened = await openExecRow(db, { deploymentId, service, pod, container, command, ...audited })
  if (!opened) return fail('BEING_DELETED', { what: 'deployment' })
  return kube.exec(source, { command: SHELL, isTty: true, size: { columns, rows }, signal })
}
