/** The catalogue as people see it. The template document itself is in the contract. */
import { z } from 'zod'

import { IngressWithoutHosts } from '../../contract/crd/ingress.ts'
import { TeamId, TemplateId } from '../../contract/ids.ts'
import { TemplateName } from '../../contract/names.ts'
import { TemplateService, TemplateVariable } from '../../contract/template.ts'
import { input } from '../access/schema.ts'

const TEMPLATE_SCOPES = ['system', 'private', 'team', 'org', 'public'] as const

export const ListTemplates = input({ teamId: TeamId })
export const GetTemplate = input({ teamId: TeamId, templateId: TemplateId })

const summary = {
  id: TemplateId,
  name: TemplateName,
  scope: z.enum(TEMPLATE_SCOPES),
  displayName: z.string(),
  description: z.string(),
  category: z.string(),
  version: z.int(),
}

export const TemplateSummary = z.object(summary)
export type TemplateSummary = z.infer<typeof TemplateSummary>
export const TemplateList = z.array(TemplateSummary)

export const TemplateView = z.object({
  ...summary,
  /** The questions of the deploy form. */
  envVars: z.array(TemplateVariable),
  services: z.array(TemplateService),
  ingress: IngressWithoutHosts.nullable(),
})
export type TemplateView = z.infer<typeof TemplateView>
