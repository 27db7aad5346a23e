/** Templates: each statement says who asks and for which team, and gives only what they may deploy. */
import { findTemplate } from '../../../prisma/sql/find-template.generated.ts'
import { listTemplates } from '../../../prisma/sql/list-templates.generated.ts'
import { upsertSystemTemplate } from '../../../prisma/sql/upsert-system-template.generated.ts'
import type { Db } from '../../ports/db/port.ts'
import { repeatOn } from '../../ports/db/repeat-on.ts'
import type { ParamsOf, RowOf } from '../../ports/db/statement.ts'

export type { Db } from '../../ports/db/port.ts'
export type TemplateRow = RowOf<typeof findTemplate>
export type ListedTemplateRow = RowOf<typeof listTemplates>

export const findTemplateRow = async (
  db: Db,
  params: ParamsOf<typeof findTemplate>,
): Promise<TemplateRow | undefined> => db.first(findTemplate, params)

export const listTemplateRows = async (
  db: Db,
  params: ParamsOf<typeof listTemplates>,
): Promise<ListedTemplateRow[]> => db.all(listTemplates, params)

/** Two servers that start at the same time make one template. */
export const upsertSystemTemplateRow = async (
  db: Db,
  params: ParamsOf<typeof upsertSystemTemplate>,
): Promise<RowOf<typeof upsertSystemTemplate>> =>
  repeatOn(['templates_name_everywhere', 'template_versions_template_id_number_key'], async () =>
    db.one(upsertSystemTemplate, params),
  )
