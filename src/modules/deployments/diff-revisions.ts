import { fail } from '../../errors.ts'
import type { Deps } from '../deps.ts'
import { differences } from './compare-objects.ts'
import { RevisionSpec } from './revision-spec.ts'
import type { DiffRevisions, RevisionDiff } from './revision-schema.ts'
import { fieldsByName } from './spec-fields.ts'
import { findRevisionSpecs } from './store.ts'

/** What became of a deployment from one revision to another. @throws {AppError} NOT_FOUND for a revision */
export async function diffRevisions(
  { db }: Pick<Deps, 'db'>,
  { id, from, to }: DiffRevisions,
): Promise<RevisionDiff> {
  const rows = await findRevisionSpecs(db, id, [from, to])
  const shapeOf = (number: number): object => {
    const row = rows.find((each) => each.number === number)
    return row ? fieldsByName(RevisionSpec.parse(row.spec)) : fail('NOT_FOUND', { what: 'revision' })
  }
  return { from, to, fields: differences(shapeOf(from), shapeOf(to)) }
}
