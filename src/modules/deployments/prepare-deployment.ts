/** Everything about a new deployment that is decided before something is done. */
import { vaultPaths, type ResourceName, type VaultPath } from '../../contract/names.ts'
import type { Caller } from '../access/actor.ts'
import type { Deps } from '../deps.ts'
import { findTemplate, type FoundTemplate } from '../templates/find-template.ts'
import { nameOf } from './name-of.ts'
import { planDeployment } from './plan-deployment.ts'
import type { RevisionSpec } from './revision-spec.ts'
import type { CreateDeployment } from './schema.ts'

export interface Prepared {
  readonly name: ResourceName
  readonly template: FoundTemplate
  readonly spec: RevisionSpec
  readonly secretPath: VaultPath
  /** The plan's limits bind. */
  readonly isLimited: boolean
}

/** @throws {AppError} TEMPLATE_GONE, INVALID_INPUT, SECRET_MISSING */
export async function prepareDeployment(
  { db, settings }: Pick<Deps, 'db' | 'settings'>,
  { actor, scope }: Caller,
  input: CreateDeployment,
): Promise<Prepared> {
  const template = await findTemplate(db, {
    templateId: input.templateId,
    version: input.templateVersion,
    orgId: scope.orgId,
    teamId: input.teamId,
    userId: actor.userId,
  })
  const name = nameOf(input.id)
  const secretPath = vaultPaths.deployment({ userId: actor.userId, name })
  const spec = planDeployment({
    template: template.document,
    answers: input,
    // The first version at a new path; a second attempt may find another one there.
    secret: { path: secretPath, version: 1 },
    platform: settings.render,
  })
  return { name, template, spec, secretPath, isLimited: settings.isBillingEnabled }
}
