import { fail } from '../../errors.ts'
import type { Deps } from '../deps.ts'
import { differences } from './compare-objects.ts'
import { RevisionSpec } from './revision-spec.ts'
import type { DiffRevisions, RevisionDiff } from './revision-schema.ts'
import { findRevisionSpecs } from './store.ts'

/** What became of a deployment from one revision to another. @throws {AppError} NOT_FOUND for a revision */
export async function diffRevisions(
  { db }: Pick<Deps, 'db'>,
  { id, from, to }: DiffRevisions,
): Promise<RevisionDiff> {
  const rows = await findRevisionSpecs(db, id, [from, to])
  const shapeOf = (number: number): object => {
    const row = rows.find((each) => each.number === number)
    return row ? byName(RevisionSpec.parse(row.spec)) : fail('NOT_FOUND', { what: 'revision' })
  }
  return { from, to, fields: differences(shapeOf(from), shapeOf(to)) }
}

/**
 * Pure: what stands in lists under the name that it has, so that one which was added or taken out does not change
 * all that come after it.
 */
function byName({ services, ingress, ...rest }: RevisionSpec): object {
  const keyed = services.map(({ name, env, configFiles, secrets, ...service }) => [
    name,
    {
      ...service,
      env: Object.fromEntries(env.map(({ name: variable, value }) => [variable, value])),
      configFiles: Object.fromEntries(configFiles.map(({ path, ...file }) => [path, file])),
      secrets: Object.fromEntries(secrets.map(({ path, ...use }) => [path, use])),
    },
  ])
  const headers = ingress?.responseHeaders.map(({ name, value }) => [name, value]) ?? []
  const way = ingress
    ? { ingress: { ...ingress, responseHeaders: Object.fromEntries(headers) as object } }
    : {}
  return { ...rest, ...way, services: Object.fromEntries(keyed) as object }
}
