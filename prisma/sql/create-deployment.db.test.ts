import pg from 'pg'
import { beforeEach, expect, it } from 'vitest'

import { newId } from '../../src/contract/ids.ts'
import type { HostName } from '../../src/contract/names.ts'
import { generateName } from '../../src/contract/names.ts'
import { repeatOn } from '../../src/ports/db/repeat-on.ts'
import {
  aDeployment,
  aTeam,
  aTemplate,
  aTenant,
  deploymentParams,
  type Tenant,
  type TestTemplate,
} from '../../src/testing/builders.ts'
import { useTestDb } from '../../src/testing/db.ts'
import { checkCounters } from './check-counters.generated.ts'
import { createDeployment } from './create-deployment.generated.ts'

const test = useTestDb()
let tenant: Tenant
let template: TestTemplate

beforeEach(async () => {
  tenant = await aTenant(test.db)
  template = await aTemplate(test.db)
})

const params = (given: Parameters<typeof deploymentParams>[2] = {}): ReturnType<typeof deploymentParams> =>
  deploymentParams(tenant, template, given)

const used = async (): Promise<number> =>
  (await test.db.prisma.organization.findUniqueOrThrow({ where: { id: tenant.orgId } })).deploymentsUsed

it('writes deployment, revision, host names, secrets, audit and activity in one statement', async () => {
  const given = params({
    hosts: ['shop.example.com' as HostName],
    secretVersions: { 'users/x/deployments/y': 3 },
    secrets: [
      {
        id: newId('sec'),
        layer: 'service',
        path: 'users/x/deployments/y/services/web',
        key: 'TOKEN',
        version: 3,
        service: 'web',
        description: 'to sign with',
      },
    ],
    requestId: 'req_1',
  })
  const sent = await test.statementsOf(async () => {
    expect(await test.db.one(createDeployment, given)).toEqual({
      outcome: 'created',
      deploymentName: given.deploymentName,
      generation: 1,
      deploymentsUsed: 1,
      deploymentsLimit: null,
      domainsUsed: 0,
      domainsLimit: null,
      planId: 'enterprise',
    })
  })
  expect(sent).toHaveLength(1)
  const row = await test.db.prisma.deployment.findUniqueOrThrow({
    where: { id: given.deploymentId },
    include: { revisions: true, hostNames: true, secrets: true, activity: true },
  })
  expect(row).toMatchObject({
    generation: 1,
    pushedGeneration: 0,
    currentRevision: 1,
    revisions: [
      { number: 1, spec: given.spec, secretVersions: { 'users/x/deployments/y': 3 }, authorName: 'Ada' },
    ],
    hostNames: [{ host: 'shop.example.com' }],
    secrets: [{ layer: 'service', service: 'web', key: 'TOKEN', version: 3 }],
    activity: [{ kind: 'created', actorName: 'Ada', revision: 1 }],
  })
  expect(await test.db.prisma.auditEvent.findMany({ where: { targetId: given.deploymentId } })).toMatchObject(
    [{ action: 'deployment:create', orgId: tenant.orgId, teamId: tenant.teamId, requestId: 'req_1' }],
  )
})

it('lets exactly one of 50 in when one place is left', async () => {
  tenant = await aTenant(test.db, { plan: 'business' })
  for (let count = 1; count < 10; count++) await aDeployment(test.db, tenant, { template })
  const second = test.connectAgain()
  // All 20 connections wait for the organisation's row, each with a view of nine deployments, before one goes on.
  const release = await lockOrganisation()
  const running = Array.from({ length: 50 }, async (_, at) =>
    (at % 2 ? test.db : second).one(createDeployment, params()),
  )
  await expect.poll(waitingForLocks, { timeout: 10_000 }).toBe(20)
  await release()
  const results = await Promise.all(running)
  const created = results.filter(({ outcome }) => outcome === 'created')
  const refused = results.filter(({ outcome }) => outcome === 'limit_reached')
  expect([created.length, refused.length]).toEqual([1, 49])
  for (const each of refused) expect(each).toMatchObject({ deploymentsUsed: 10, deploymentsLimit: 10 })
  expect(await used()).toBe(10)
  expect(await test.db.all(checkCounters, {})).toEqual([])
})

async function lockOrganisation(): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: test.dsn })
  await client.connect()
  await client.query('BEGIN')
  await client.query('SELECT FROM organizations WHERE id = $1 FOR UPDATE', [tenant.orgId])
  return async () => client.end()
}

async function waitingForLocks(): Promise<number> {
  const client = new pg.Client({ connectionString: test.dsn })
  await client.connect()
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  )
  await client.end()
  return rows[0]?.count ?? 0
}

it('counts without a limit where limits do not bind', async () => {
  tenant = await aTenant(test.db, { plan: 'free' })
  for (let count = 0; count < 3; count++) {
    expect(await test.db.one(createDeployment, params({ enforceLimit: false }))).toMatchObject({
      outcome: 'created',
    })
  }
  expect(await test.db.one(createDeployment, params())).toMatchObject({
    outcome: 'limit_reached',
    deploymentsUsed: 3,
  })
})

it("follows the organisation's own limit before that of its plan", async () => {
  tenant = await aTenant(test.db, { plan: 'free' })
  await test.db.prisma.organization.update({ where: { id: tenant.orgId }, data: { deploymentsLimit: 2 } })
  const outcomes = []
  for (let count = 0; count < 3; count++)
    outcomes.push((await test.db.one(createDeployment, params())).outcome)
  expect(outcomes).toEqual(['created', 'created', 'limit_reached'])
})

it('changes nothing when it is repeated with the same id, and answers with what is there', async () => {
  const given = params()
  await test.db.one(createDeployment, given)
  const again = { ...params({ deploymentId: given.deploymentId }), displayName: 'Another' }
  expect(await test.db.one(createDeployment, again)).toMatchObject({
    outcome: 'exists',
    deploymentName: given.deploymentName,
    deploymentsUsed: 1,
  })
  expect(await used()).toBe(1)
  expect(await test.db.prisma.auditEvent.count({ where: { targetId: given.deploymentId } })).toBe(1)
})

it('makes one deployment of 20 calls with the same id at the same time', async () => {
  const given = params()
  const results = await Promise.all(
    Array.from({ length: 20 }, async () =>
      repeatOn(['deployments_pkey'], async () =>
        test.db.one(
          createDeployment,
          params({ deploymentId: given.deploymentId, deploymentName: generateName() }),
        ),
      ),
    ),
  )
  const count = (outcome: string): number => results.filter((each) => each.outcome === outcome).length
  expect([count('created'), count('exists')]).toEqual([1, 19])
  expect(new Set(results.map(({ deploymentName }) => deploymentName)).size).toBe(1)
  expect(await used()).toBe(1)
})

it('refuses the id of a deployment of another team, even within the organisation', async () => {
  const given = params()
  await test.db.one(createDeployment, given)
  const teamId = await aTeam(test.db, tenant.orgId)
  expect(
    await test.db.one(createDeployment, params({ deploymentId: given.deploymentId, teamId })),
  ).toMatchObject({
    outcome: 'belongs_to_another_team',
    deploymentName: null,
  })
  expect(await used()).toBe(1)
})

it('refuses a team that is not of the organisation', async () => {
  const other = await aTenant(test.db)
  expect(await test.db.one(createDeployment, params({ teamId: other.teamId }))).toMatchObject({
    outcome: 'no_such_team',
  })
  expect(await test.db.all(checkCounters, {})).toEqual([])
})

it('refuses a suspended organisation', async () => {
  const suspendedAt = new Date(Date.UTC(2026, 0, 1))
  await test.db.prisma.organization.update({ where: { id: tenant.orgId }, data: { suspendedAt } })
  expect(await test.db.one(createDeployment, params())).toMatchObject({ outcome: 'org_suspended' })
})

it.each([
  { what: 'host name', constraint: 'host_names_pkey', pick: ['hosts'] as const },
  { what: 'name', constraint: 'deployments_name_key', pick: ['deploymentName'] as const },
])(
  'takes nothing and counts nothing when the $what belongs to another deployment',
  async ({ constraint, pick }) => {
    const first = params({ hosts: [`${generateName()}.example.com` as HostName] })
    await test.db.one(createDeployment, first)
    const taken = Object.fromEntries(pick.map((key) => [key, first[key]]))
    await expect(test.db.one(createDeployment, params(taken))).rejects.toMatchObject({
      name: 'ConstraintError',
      constraint,
    })
    expect(await used()).toBe(1)
    expect(await test.db.all(checkCounters, {})).toEqual([])
  },
)
