import type { TemplateName } from '../../contract/names.ts'
import type { FoundTemplate } from './find-template.ts'
import type { TemplateSummary, TemplateView } from './schema.ts'
import type { ListedTemplateRow } from './store.ts'

type Summarised = Omit<ListedTemplateRow, 'updatedAt'>

export const viewOfListed = (row: Summarised): TemplateSummary => ({
  id: row.templateId,
  // Checked when the template was made.
  name: row.name as TemplateName,
  scope: row.scope,
  displayName: row.displayName,
  description: row.description,
  category: row.category,
  version: row.version,
})

export const viewOfTemplate = ({ row, document }: FoundTemplate): TemplateView => ({
  ...viewOfListed(row),
  envVars: document.envVars,
  services: document.services,
  ingress: document.ingress ?? null,
})
