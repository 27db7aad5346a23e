/** What the tables refuse, whoever asks: the rules of the migrations that schema.prisma cannot say. */
import { beforeEach, expect, it } from 'vitest'

import { newId } from '../src/contract/ids.ts'
import { aDeployment, aMember, aTenant, type Tenant } from '../src/testing/builders.ts'
import { useTestDb } from '../src/testing/db.ts'

const test = useTestDb()
let tenant: Tenant

beforeEach(async () => {
  tenant = await aTenant(test.db)
})

const plain = (text: string) => ({ name: `t${text.length}`, text, params: [], json: [], columns: [] })
const sql = async (text: string): Promise<unknown> => test.db.all(plain(text), {})

it('never changes a revision, nor deletes one of a deployment that is there', async () => {
  const { deploymentId } = await aDeployment(test.db, tenant)
  const where = { deploymentId_number: { deploymentId, number: 1 } }
  const { revision } = test.db.prisma
  await expect(revision.update({ where, data: { note: 'nicer' } })).rejects.toMatchObject({
    constraint: 'revisions_immutable',
  })
  await expect(revision.delete({ where })).rejects.toMatchObject({ constraint: 'revisions_live' })
  await expect(test.db.prisma.deployment.delete({ where: { id: deploymentId } })).rejects.toMatchObject({
    constraint: 'deployments_live',
  })
})

it('never changes a version of a template', async () => {
  await aDeployment(test.db, tenant)
  await expect(test.db.prisma.templateVersion.updateMany({ data: { note: 'nicer' } })).rejects.toMatchObject({
    constraint: 'template_versions_immutable',
  })
})

it('only adds to the audit, except for a job that says that it ends the retention', async () => {
  const { auditEvent } = test.db.prisma
  await expect(auditEvent.updateMany({ data: { actorName: 'Nobody' } })).rejects.toMatchObject({
    constraint: 'audit_events_immutable',
  })
  await expect(auditEvent.deleteMany({})).rejects.toMatchObject({ constraint: 'audit_events_immutable' })
  await expect(sql('TRUNCATE audit_events')).rejects.toMatchObject({ constraint: 'audit_events_immutable' })
  const left = await test.db.withTx(async (tx) => {
    await tx.all(plain(`SELECT set_config('shipyard.audit_retention', 'on', true)`), {})
    await tx.prisma.auditEvent.deleteMany({})
    return tx.prisma.auditEvent.count()
  })
  expect(left).toBe(0)
})

it('keeps exactly one owner an organisation, and lets ownership be handed over', async () => {
  const { orgId, userId } = tenant
  const heir = await aMember(test.db, tenant, { org: 'org_admin' })
  const roleOf = (id: string) => ({ where: { orgId_userId: { orgId, userId: id } } })
  const { orgMember } = test.db.prisma
  await expect(orgMember.update({ ...roleOf(heir), data: { role: 'org_owner' } })).rejects.toMatchObject({
    constraint: expect.stringMatching(/org_members_one_owner/),
  })
  await expect(orgMember.update({ ...roleOf(userId), data: { role: 'org_admin' } })).rejects.toMatchObject({
    constraint: 'org_members_an_owner',
  })
  await expect(orgMember.delete(roleOf(userId))).rejects.toMatchObject({ constraint: 'org_members_an_owner' })
  await test.db.withTx(async (tx) => {
    await tx.prisma.orgMember.update({ ...roleOf(userId), data: { role: 'org_admin' } })
    await tx.prisma.orgMember.update({ ...roleOf(heir), data: { role: 'org_owner' } })
  })
  expect(await orgMember.findMany({ where: { orgId, role: 'org_owner' } })).toMatchObject([{ userId: heir }])
})

it('refuses an organisation without owner', async () => {
  const id = newId('org')
  await expect(
    test.db.prisma.organization.create({ data: { id, slug: id, name: 'Nobody' } }),
  ).rejects.toMatchObject({
    constraint: 'org_members_an_owner',
  })
})

it('refuses a member of a team who is not in its organisation, and a deployment of a foreign team', async () => {
  const stranger = await aTenant(test.db)
  const { teamId, orgId } = tenant
  const join = async (org: string): Promise<unknown> =>
    test.db.prisma.teamMember.create({
      data: { teamId, orgId: org, userId: stranger.userId, role: 'viewer' },
    })
  await expect(join(orgId)).rejects.toMatchObject({ constraint: 'team_members_org_id_user_id_fkey' })
  await expect(join(stranger.orgId)).rejects.toMatchObject({ constraint: 'team_members_team_id_org_id_fkey' })
  const { deploymentId } = await aDeployment(test.db, tenant)
  await expect(
    test.db.prisma.deployment.update({ where: { id: deploymentId }, data: { teamId: stranger.teamId } }),
  ).rejects.toMatchObject({ constraint: 'deployments_team_id_org_id_fkey' })
})

it.each([
  `UPDATE deployments SET pushed_generation = generation + 1`,
  `UPDATE deployments SET removed_at = now()`,
  `UPDATE deployments SET name = 'NOT-A-NAME'`,
  `UPDATE organizations SET deployments_used = -1`,
  `UPDATE users SET email = 'Ada@Example.com' WHERE id = (SELECT id FROM users LIMIT 1)`,
  `UPDATE organizations SET id = 'org_1'`,
  `UPDATE templates SET scope = 'team'`,
  `INSERT INTO host_names (host, deployment_id) SELECT 'a..b', id FROM deployments LIMIT 1`,
  `INSERT INTO host_names (host, deployment_id) SELECT '*.example.com', id FROM deployments LIMIT 1`,
])('refuses %s', async (text) => {
  await aDeployment(test.db, tenant)
  await expect(sql(text)).rejects.toMatchObject({ constraint: expect.stringMatching(/_check$/) })
})
