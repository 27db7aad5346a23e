import { beforeEach, expect, it } from 'vitest'

import { newId, randomBase32 } from '../../src/contract/ids.ts'
import type { HostName } from '../../src/contract/names.ts'
import { repeatOn } from '../../src/ports/db/repeat-on.ts'
import type { ParamsOf, RowOf } from '../../src/ports/db/statement.ts'
import { aDeployment, aMember, aTeam, aTemplate, aTenant, type Tenant } from '../../src/testing/builders.ts'
import { useTestDb } from '../../src/testing/db.ts'
import { findTemplate } from './find-template.generated.ts'
import { finishDeleteDeployment } from './finish-delete-deployment.generated.ts'
import { listDeployments } from './list-deployments.generated.ts'
import { listTemplates } from './list-templates.generated.ts'
import { upsertSystemTemplate } from './upsert-system-template.generated.ts'

const test = useTestDb()
let tenant: Tenant

beforeEach(async () => {
  tenant = await aTenant(test.db)
})

type Filters = Partial<ParamsOf<typeof listDeployments>>
const list = async (filters: Filters = {}): Promise<RowOf<typeof listDeployments>[]> =>
  test.db.all(listDeployments, {
    teamIds: [tenant.teamId],
    afterCreatedAt: null,
    afterId: null,
    search: null,
    ownerId: null,
    templateId: null,
    limit: 50,
    ...filters,
  })
const idsOf = async (filters?: Filters): Promise<string[]> =>
  (await list(filters)).map((row) => row.deploymentId)

it('pages through the deployments of teams, newest first, without loss or repetition', async () => {
  const teamId = await aTeam(test.db, tenant.orgId)
  const template = await aTemplate(test.db)
  const made: string[] = []
  for (let count = 0; count < 12; count++) {
    const given = count % 3 === 0 ? { teamId, template } : { template }
    made.push((await aDeployment(test.db, tenant, given)).deploymentId)
  }
  // Many rows of the same stamp: the id alone decides.
  const createdAt = new Date(Date.UTC(2026, 0, 1))
  await test.db.prisma.deployment.updateMany({ where: { id: { in: made.slice(0, 8) } }, data: { createdAt } })
  // The others were made within milliseconds: each gets a day of its own.
  for (const [index, id] of made.slice(8).entries())
    await test.db.prisma.deployment.update({
      where: { id },
      data: { createdAt: new Date(Date.UTC(2026, 0, 2 + index)) },
    })
  const teamIds = [tenant.teamId, teamId]
  const seen: string[] = []
  let cursor: { afterCreatedAt: Date; afterId: string } | undefined
  for (;;) {
    const page = await list({ teamIds, limit: 5, ...cursor })
    seen.push(...page.map((row) => row.deploymentId))
    const last = page.at(-1)
    if (!last) break
    cursor = { afterCreatedAt: last.createdAt, afterId: last.deploymentId }
  }
  expect(seen).toEqual([...made.slice(8).toReversed(), ...made.slice(0, 8).toSorted().toReversed()])
})

it('shows what the list needs of each, and nobody else has', async () => {
  const template = await aTemplate(test.db)
  const hosts = [`${newId('dep').slice(4)}.example.com` as HostName]
  const { deploymentId } = await aDeployment(test.db, tenant, { template, hosts })
  await aDeployment(test.db, await aTenant(test.db), { template })
  expect(await list()).toMatchObject([
    {
      deploymentId,
      displayName: 'Hello',
      keeperName: 'Ada',
      teamName: 'Default',
      templateName: template.name,
      templateVersion: 1,
      visibility: 'public',
      hosts,
      revision: 1,
    },
  ])
})

it('filters by owner, template and words', async () => {
  const template = await aTemplate(test.db)
  const ownerId = await aMember(test.db, tenant, { team: 'developer' })
  const one = await aDeployment(test.db, tenant, { displayName: 'Shop front', template })
  const two = await aDeployment(test.db, tenant, { displayName: '100% workshop', ownerId })
  expect(await idsOf({ ownerId })).toEqual([two.deploymentId])
  expect(await idsOf({ templateId: template.templateId })).toEqual([one.deploymentId])
  expect(await idsOf({ search: 'SHOP' })).toEqual([two.deploymentId, one.deploymentId])
  expect(await idsOf({ search: '0%' })).toEqual([two.deploymentId])
  expect(await idsOf({ search: '_' })).toEqual([])
  expect(await idsOf({ search: one.deploymentName.slice(0, 6) })).toEqual([one.deploymentId])
})

it('shows a deployment until its deletion is done', async () => {
  const made = await aDeployment(test.db, tenant)
  await made.deleted()
  expect(await list()).toMatchObject([{ deletedAt: expect.any(Date) }])
  const { deploymentId } = made
  await test.db.one(finishDeleteDeployment, { deploymentId, auditId: newId('aud'), activityId: newId('act') })
  expect(await list()).toEqual([])
})

it('makes a version of a system template only when its document differs', async () => {
  const name = `hello-${randomBase32(6)}`
  const upsert = async (given: object): Promise<unknown> =>
    test.db.one(upsertSystemTemplate, {
      name,
      displayName: 'Hello',
      description: '',
      category: '',
      templateId: newId('tpl'),
      templateVersionId: newId('tpv'),
      spec: {},
      ...given,
    })
  expect(await upsert({})).toMatchObject({ version: 1, hasNewVersion: true })
  expect(await upsert({})).toMatchObject({ version: 1, hasNewVersion: false })
  expect(await upsert({ displayName: 'Hello!' })).toMatchObject({ version: 1, hasNewVersion: false })
  expect(await upsert({ spec: { services: [] }, displayName: 'Hello!' })).toMatchObject({
    version: 2,
    hasNewVersion: true,
  })
  const listed = (await templates()).filter((row) => row.name === name)
  expect(listed).toMatchObject([{ displayName: 'Hello!', version: 2, scope: 'system' }])
})

it('makes one template when ten servers start at the same time', async () => {
  const name = `hello-${randomBase32(6)}`
  const results = await Promise.all(
    Array.from({ length: 10 }, async () =>
      repeatOn(['templates_name_everywhere'], async () => aTemplate(test.db, { name })),
    ),
  )
  expect(new Set(results.map(({ templateId }) => templateId)).size).toBe(1)
})

const templates = async (viewer: Tenant = tenant): Promise<RowOf<typeof listTemplates>[]> =>
  test.db.all(listTemplates, { orgId: viewer.orgId, teamId: viewer.teamId, userId: viewer.userId })

it("shows the templates of the installation, organisation, team and oneself, and nobody else's", async () => {
  const other = await aTenant(test.db)
  for (const [scope, given] of [
    ['public', {}],
    ['org', { orgId: tenant.orgId }],
    ['team', { orgId: tenant.orgId, teamId: tenant.teamId }],
    ['private', { ownerId: tenant.userId }],
  ] as const) {
    await aTemplateRow({ scope, ...given })
  }
  const scopes = async (viewer: Tenant): Promise<string[]> =>
    (await templates(viewer))
      .filter((row) => row.category === 'mine')
      .map((row) => row.scope)
      .toSorted()
  expect(await scopes(tenant)).toEqual(['org', 'private', 'public', 'team'])
  expect(await scopes(other)).toEqual(['public'])
  const [hidden] = (await templates()).filter((row) => row.scope === 'team')
  const find = async (viewer: Tenant): Promise<unknown> =>
    test.db.first(findTemplate, {
      templateId: hidden?.templateId ?? newId('tpl'),
      version: null,
      orgId: viewer.orgId,
      teamId: viewer.teamId,
      userId: viewer.userId,
    })
  expect(await find(tenant)).toMatchObject({ version: 1, spec: { mine: true } })
  expect(await find(other)).toBeUndefined()
})

type Owner = {
  scope: 'public' | 'org' | 'team' | 'private'
  orgId?: string
  teamId?: string
  ownerId?: string
}

/** A template and its version name each other: one statement must make both. */
async function aTemplateRow({ scope, orgId, teamId, ownerId }: Owner): Promise<void> {
  await test.db.all(
    {
      name: 'a-template',
      text: `WITH t AS (
        INSERT INTO templates (id, name, scope, org_id, team_id, owner_id, display_name, category, current_version)
        VALUES ($1, $2, $3::template_scope, $4, $5, $6, 'Mine', 'mine', 1)
      ) INSERT INTO template_versions (id, template_id, number, spec, author_name) VALUES ($7, $1, 1, '{"mine": true}', 'Ada')`,
      params: ['id', 'name', 'scope', 'orgId', 'teamId', 'ownerId', 'versionId'],
      json: [],
      columns: [],
    },
    {
      id: newId('tpl'),
      name: `mine-${randomBase32(5)}`,
      scope,
      orgId: orgId ?? null,
      teamId: teamId ?? null,
      ownerId: ownerId ?? null,
      versionId: newId('tpv'),
    },
  )
}
