/** Keeps the installation's own templates as their documents say. */
import { newId } from '../../contract/ids.ts'
import type { Ports } from '../../ports/types.ts'
import { upsertSystemTemplateRow } from './store.ts'
import { readSystemTemplates, type SystemTemplate } from './system-templates.ts'

/** At every start; servers that start at the same time make one of each. @returns how many have a new version */
export async function syncSystemTemplates(
  { db }: Pick<Ports, 'db'>,
  templates: readonly SystemTemplate[] = readSystemTemplates(),
): Promise<number> {
  const rows = await Promise.all(
    templates.map(async ({ name, document }) => {
      const { displayName, description, category } = document.metadata
      const ids = { templateId: newId('tpl'), templateVersionId: newId('tpv') }
      return upsertSystemTemplateRow(db, { ...ids, name, displayName, description, category, spec: document })
    }),
  )
  return rows.filter(({ hasNewVersion }) => hasNewVersion).length
}
