import type { OrgId, TeamId, TemplateId, TemplateVersionId, UserId } from '../../contract/ids.ts'
import { TemplateDocument } from '../../contract/template.ts'
import { fail } from '../../errors.ts'
import type { Ports } from '../../ports/types.ts'
import { findTemplateRow, type TemplateRow } from './store.ts'

export interface WantedTemplate {
  readonly templateId: TemplateId
  /** The current one when undefined. */
  readonly version?: number | undefined
  readonly orgId: OrgId
  readonly teamId: TeamId
  readonly userId: UserId
}

export interface FoundTemplate {
  readonly row: TemplateRow
  readonly versionId: TemplateVersionId
  readonly document: TemplateDocument
}

/** @throws {AppError} TEMPLATE_GONE: there is none, or none that this caller may deploy into this team */
export async function findTemplate(db: Ports['db'], wanted: WantedTemplate): Promise<FoundTemplate> {
  const row = await findTemplateRow(db, { ...wanted, version: wanted.version ?? null })
  if (!row) fail('TEMPLATE_GONE', { template: wanted.templateId })
  if (row.deletedAt !== null || !row.enabled) fail('TEMPLATE_GONE', { template: row.displayName })
  return { row, versionId: row.templateVersionId, document: TemplateDocument.parse(row.spec) }
}
