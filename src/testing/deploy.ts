/** Deployments for tests, made as people make them: through the procedure. */
import { newId, type DeploymentId, type TeamId, type TemplateId } from '../contract/ids.ts'
import type { CreateDeploymentInput } from '../modules/deployments/schema.ts'
import type { Tenant } from './builders.ts'
import type { World } from './world.ts'

/** A value that must never be found anywhere but in Vault. */
export const SECRET_VALUE = 'canary-9f8e7d6c5b4a'

/** The id of a template of the installation. */
export async function templateId({ db }: Pick<World, 'db'>, name: string): Promise<TemplateId> {
  const { id } = await db.prisma.template.findFirstOrThrow({ where: { scope: 'system', name } })
  return id as TemplateId
}

/** The form of `hello-stack`, filled in. */
export async function aForm(
  world: Pick<World, 'db'>,
  teamId: TeamId,
  given: Partial<CreateDeploymentInput> = {},
): Promise<CreateDeploymentInput> {
  return {
    teamId,
    id: newId('dep'),
    displayName: 'My stack',
    templateId: await templateId(world, 'hello-stack'),
    env: { GREETING: 'hello' },
    secrets: { TOKEN: SECRET_VALUE },
    ...given,
  }
}

/** Creates it as the tenant. */
export async function deployed(
  world: World,
  tenant: Tenant,
  given: Partial<CreateDeploymentInput> = {},
): Promise<DeploymentId> {
  const api = await world.as(tenant.userId)
  const { id } = await api.deployments.create(await aForm(world, tenant.teamId, given))
  return id
}
