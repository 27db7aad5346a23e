/** Nobody gets past a limit, however many ask at the same moment and whatever becomes of the plan. */
import { afterEach, expect, it } from 'vitest'

import { checkCounters } from '../../../prisma/sql/check-counters.generated.ts'
import { updateDeployment } from '../../../prisma/sql/update-deployment.generated.ts'
import { newId } from '../../contract/ids.ts'
import type { HostName } from '../../contract/names.ts'
import type { Plan } from '../../contract/tiers.ts'
import { AppError } from '../../errors.ts'
import { aDeployment, aTenant, by, type Tenant } from '../../testing/builders.ts'
import { codeOf } from '../../testing/code-of.ts'
import { aForm } from '../../testing/deploy.ts'
import { anInvitation } from '../../testing/invitations.ts'
import { meet } from '../../testing/meet.ts'
import { useWorld } from '../../testing/world.ts'

const MANY = 200

const world = useWorld({ isBillingEnabled: true })

afterEach(async () => {
  const wrong = await world.db.all(checkCounters, {})
  if (wrong.length > 0) throw new Error(`These counters are wrong: ${JSON.stringify(wrong)}`)
})

const tally = (codes: string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]))

const limit = async (
  { orgId }: Tenant,
  data: Partial<Record<'deploymentsLimit' | 'membersLimit' | 'teamsLimit' | 'domainsLimit', number>>,
) => world.db.prisma.organization.update({ where: { id: orgId }, data })

const change = async ({ orgId }: Tenant, planId: Plan) =>
  world.db.prisma.organization.update({ where: { id: orgId }, data: { planId } })

it('lets one of 200 deployments in where one place is left', async () => {
  const tenant = await aTenant(world.db)
  await limit(tenant, { deploymentsLimit: 1 })
  const api = await world.as(tenant.userId)
  const forms = await Promise.all(Array.from({ length: MANY }, async () => aForm(world, tenant.teamId)))
  const codes = await Promise.all(forms.map(async (form) => codeOf(api.deployments.create(form))))
  expect(tally(codes)).toEqual({ none: 1, TIER_LIMIT_REACHED: MANY - 1 })
})

it('lets one of 200 teams in where one place is left', async () => {
  const tenant = await aTenant(world.db)
  await limit(tenant, { teamsLimit: 2 })
  const api = await world.as(tenant.userId)
  const { orgId } = tenant
  const codes = await Promise.all(
    Array.from({ length: MANY }, async (_, at) => codeOf(api.teams.create({ orgId, name: `Team ${at}` }))),
  )
  expect(tally(codes)).toEqual({ none: 1, TIER_LIMIT_REACHED: MANY - 1 })
})

it('lets one of 200 members in where one place is left', async () => {
  const tenant = await aTenant(world.db)
  await limit(tenant, { membersLimit: 2 })
  const guests = await Promise.all(Array.from({ length: MANY }, async () => aTenant(world.db)))
  const calls = await Promise.all(
    guests.map(async ({ userId, email }) => ({
      api: await world.as(userId),
      token: (await anInvitation(world, tenant, { email })).token,
    })),
  )
  const codes = await Promise.all(
    calls.map(async ({ api, token }) => codeOf(api.invitations.accept({ token }))),
  )
  expect(tally(codes)).toEqual({ none: 1, ORG_FULL: MANY - 1 })
})

it('lets one of 200 custom domains in where one place is left', async () => {
  const tenant = await aTenant(world.db)
  await limit(tenant, { domainsLimit: 1 })
  const api = await world.as(tenant.userId)
  const forms = await Promise.all(
    Array.from({ length: MANY }, async (_, at) =>
      aForm(world, tenant.teamId, { hosts: [`shop-${at}.example.org`] }),
    ),
  )
  const codes = await Promise.all(forms.map(async (form) => codeOf(api.deployments.create(form))))
  expect(tally(codes)).toEqual({ none: 1, TIER_LIMIT_REACHED: MANY - 1 })
  // What needs no domain still gets in.
  expect(await codeOf(api.deployments.create(await aForm(world, tenant.teamId)))).toBe('none')
})

it('holds who is just creating to the smaller plan that came first', async () => {
  const tenant = await aTenant(world.db)
  await aDeployment(world.db, tenant)
  const api = await world.as(tenant.userId)
  const form = await aForm(world, tenant.teamId)
  const [, code] = await meet<unknown>(world, tenant.orgId, [
    async () => change(tenant, 'free'),
    async () => api.deployments.create(form).catch((error: Error) => error.cause),
  ])
  expect(code).toMatchObject({
    code: 'TIER_LIMIT_REACHED',
    params: { what: 'deployment', used: 1, limit: 1, plan: 'Free', larger: 'Business' },
  })
})

it('lets in who is just creating when the smaller plan that came first has room', async () => {
  const tenant = await aTenant(world.db)
  const api = await world.as(tenant.userId)
  const form = await aForm(world, tenant.teamId)
  const [, code] = await meet<unknown>(world, tenant.orgId, [
    async () => change(tenant, 'business'),
    async () => codeOf(api.deployments.create(form)),
  ])
  expect(code).toBe('none')
})

it('says which plan would allow it, and answers 403', async () => {
  const tenant = await aTenant(world.db, { plan: 'business' })
  await limit(tenant, { teamsLimit: 1 })
  const api = await world.as(tenant.userId)
  const { cause } = await api.teams
    .create({ orgId: tenant.orgId, name: 'One more' })
    .then(Promise.reject, (error: Error) => error)
  expect(cause).toBeInstanceOf(AppError)
  expect((cause as AppError).toPublic()).toEqual({
    code: 'TIER_LIMIT_REACHED',
    status: 403,
    sentence:
      'The Business plan allows 1 team, and your organisation has 1. Delete one, or change to the Enterprise plan.',
    params: { what: 'team', used: 1, limit: 1, plan: 'Business', larger: 'Enterprise' },
  })
})

const hosts = (...names: string[]): HostName[] => names as HostName[]

it('counts what a change adds and takes away, and nothing of a change that is refused', async () => {
  const tenant = await aTenant(world.db)
  await limit(tenant, { domainsLimit: 2 })
  const { deploymentId } = await aDeployment(world.db, tenant, { hosts: hosts('a.example.net') })
  const used = async () =>
    (await world.db.prisma.organization.findUniqueOrThrow({ where: { id: tenant.orgId } })).domainsUsed
  const to = async (expectedGeneration: number, names: HostName[] | null) =>
    (
      await world.db.one(updateDeployment, {
        ...by(tenant.userId),
        ...{ deploymentId, expectedGeneration, hosts: names, enforceLimit: true, templateVersionId: null },
        ...{
          revisionId: newId('rev'),
          spec: {},
          secretVersions: {},
          secretOrigins: null,
          rollbackOf: null,
          note: '',
        },
        ...{ secrets: [], removedSecrets: [], followedService: null, followedDigest: null, changes: {} },
        ...{ action: 'deployment:update', activityKind: 'updated', activityDetail: {} },
      })
    ).outcome
  expect(await to(1, hosts('a.example.net', 'b.example.net', 'c.example.net'))).toBe('domain_limit_reached')
  expect(await used()).toBe(1)
  expect(await to(1, hosts('b.example.net', 'c.example.net'))).toBe('updated')
  expect(await used()).toBe(2)
  expect(await to(1, hosts())).toBe('stale')
  expect(await to(2, null)).toBe('updated')
  expect(await used()).toBe(2)
  expect(await to(3, hosts('a.example.net'))).toBe('updated')
  expect(await used()).toBe(1)
})
