import { beforeEach, expect, it } from 'vitest'

import { newId, type DeploymentId } from '../../src/contract/ids.ts'
import type { HostName } from '../../src/contract/names.ts'
import type { ParamsOf } from '../../src/ports/db/statement.ts'
import { aDeployment, aTemplate, aTenant, by, type Tenant } from '../../src/testing/builders.ts'
import { useTestDb } from '../../src/testing/db.ts'
import { deleteDeployment } from './delete-deployment.generated.ts'
import { findDeployment } from './find-deployment.generated.ts'
import { finishDeleteDeployment } from './finish-delete-deployment.generated.ts'
import { listNamedSecretVersions } from './list-named-secret-versions.generated.ts'
import { restartDeployment } from './restart-deployment.generated.ts'
import { updateDeployment } from './update-deployment.generated.ts'

const test = useTestDb()
let tenant: Tenant
let deploymentId: DeploymentId

beforeEach(async () => {
  tenant = await aTenant(test.db)
  deploymentId = (await aDeployment(test.db, tenant)).deploymentId
})

const change = (
  given: Partial<ParamsOf<typeof updateDeployment>> = {},
): ParamsOf<typeof updateDeployment> => ({
  deploymentId,
  expectedGeneration: 1,
  templateVersionId: null,
  revisionId: newId('rev'),
  spec: { services: [] },
  secretVersions: {},
  secretOrigins: null,
  rollbackOf: null,
  note: '',
  hosts: null,
  enforceLimit: true,
  secrets: [],
  removedSecrets: [],
  action: 'deployment:update',
  activityKind: 'updated',
  activityDetail: {},
  changes: {},
  followedService: null,
  followedDigest: null,
  ...by(tenant.userId),
  ...given,
})

const secret = (key: string, version: number): ParamsOf<typeof updateDeployment>['secrets'][number] => ({
  id: newId('sec'),
  layer: 'deployment',
  path: 'users/x/deployments/y',
  key,
  version,
  service: null,
  description: '',
})

it('makes a new revision and a new generation, with audit and activity, in one statement', async () => {
  const { templateVersionId } = await aTemplate(test.db)
  const params = change({
    spec: { services: ['web'] },
    note: 'new image',
    activityDetail: { env: ['A'] },
    templateVersionId,
  })
  const sent = await test.statementsOf(async () => {
    expect(await test.db.one(updateDeployment, params)).toMatchObject({
      outcome: 'updated',
      generation: 2,
      revision: 2,
    })
  })
  expect(sent).toHaveLength(1)
  expect(await test.db.one(findDeployment, { deploymentId })).toMatchObject({
    generation: 2,
    revision: 2,
    revisionId: params.revisionId,
    templateVersionId,
    spec: { services: ['web'] },
    note: 'new image',
    authorName: 'Ada',
  })
  expect(await test.db.prisma.activity.findMany({ where: { deploymentId, kind: 'updated' } })).toMatchObject([
    { revision: 2, detail: { env: ['A'] } },
  ])
  expect(
    await test.db.prisma.auditEvent.count({ where: { targetId: deploymentId, action: 'deployment:update' } }),
  ).toBe(1)
})

it('accepts one of 10 changes that were made from the same generation', async () => {
  const results = await Promise.all(
    Array.from({ length: 10 }, async () => test.db.one(updateDeployment, change())),
  )
  expect(results.filter(({ outcome }) => outcome === 'updated')).toHaveLength(1)
  expect(results.filter(({ outcome }) => outcome === 'stale')).toHaveLength(9)
  expect(await test.db.prisma.revision.count({ where: { deploymentId } })).toBe(2)
  expect(await test.db.one(updateDeployment, change())).toMatchObject({ outcome: 'stale', generation: 2 })
})

it('sets, changes and forgets secrets with the revision that pins them', async () => {
  await test.db.one(
    updateDeployment,
    change({ secrets: [secret('A', 1), secret('B', 1)], action: 'secret:set' }),
  )
  await test.db.one(
    updateDeployment,
    change({
      expectedGeneration: 2,
      secrets: [secret('A', 2)],
      removedSecrets: [{ path: 'users/x/deployments/y', key: 'B' }],
      action: 'secret:delete',
    }),
  )
  expect(await test.db.prisma.secretMeta.findMany({ where: { deploymentId } })).toMatchObject([
    { key: 'A', version: 2 },
  ])
})

it('refuses a host name of another deployment and leaves everything as it was', async () => {
  const hosts = [`${newId('dep').slice(4)}.example.com` as HostName]
  await aDeployment(test.db, tenant, { hosts })
  await expect(test.db.one(updateDeployment, change({ hosts }))).rejects.toMatchObject({
    constraint: 'host_names_pkey',
  })
  expect(await test.db.one(findDeployment, { deploymentId })).toMatchObject({
    generation: 1,
    revision: 1,
    hosts: [],
  })
})

it('takes back a host name that it had given up', async () => {
  const hosts = [`${newId('dep').slice(4)}.example.com` as HostName]
  await test.db.one(updateDeployment, change({ hosts }))
  await test.db.one(updateDeployment, change({ hosts: [], expectedGeneration: 2 }))
  await test.db.one(updateDeployment, change({ hosts, expectedGeneration: 3 }))
  expect(await test.db.one(findDeployment, { deploymentId })).toMatchObject({ hosts })
  expect(await test.db.prisma.hostName.findMany({ where: { deploymentId } })).toMatchObject([
    { releasedGeneration: null },
  ])
})

it('restarts without a new revision', async () => {
  const restarted = await test.db.one(restartDeployment, { deploymentId, ...by(tenant.userId) })
  expect(restarted).toEqual({ generation: 2, restartedAt: expect.any(Date) })
  expect(await test.db.one(findDeployment, { deploymentId })).toMatchObject({
    generation: 2,
    revision: 1,
    restartedAt: restarted.restartedAt,
  })
})

it('changes, restarts and deletes nothing that is being deleted or is not there', async () => {
  const remove = async (id: DeploymentId): Promise<unknown> =>
    test.db.one(deleteDeployment, { deploymentId: id, ...by(tenant.userId) })
  expect(await remove(deploymentId)).toEqual({ outcome: 'deleting', generation: 2 })
  expect(await remove(deploymentId)).toEqual({ outcome: 'already_deleting', generation: 2 })
  expect(await test.db.one(updateDeployment, change({ expectedGeneration: 2 }))).toMatchObject({
    outcome: 'deleted',
  })
  expect(await test.db.first(restartDeployment, { deploymentId, ...by(tenant.userId) })).toBeUndefined()
  expect(await test.db.one(findDeployment, { deploymentId })).toMatchObject({ deletedAt: expect.any(Date) })

  await test.db.one(finishDeleteDeployment, { deploymentId, auditId: newId('aud'), activityId: newId('act') })
  expect(await remove(deploymentId)).toEqual({ outcome: 'no_such_deployment', generation: null })
  expect(await test.db.one(updateDeployment, change())).toMatchObject({ outcome: 'no_such_deployment' })
  expect(await test.db.first(findDeployment, { deploymentId })).toBeUndefined()
})

it('names the secret versions of all revisions until the deployment is removed', async () => {
  const path = `users/x/deployments/${newId('dep').slice(4, 14)}`
  const paths = [path, 'orgs/nobody/secrets']
  const versions = async (): Promise<number[]> =>
    (await test.db.all(listNamedSecretVersions, { paths }))
      .map(({ version }) => version)
      .toSorted((a, b) => a - b)
  await test.db.one(updateDeployment, change({ secretVersions: { [path]: 3, 'users/x/secrets': 9 } }))
  await test.db.one(updateDeployment, change({ expectedGeneration: 2, secretVersions: { [path]: 5 } }))
  expect(await versions()).toEqual([3, 5])
  await test.db.one(deleteDeployment, { deploymentId, ...by(tenant.userId) })
  expect(await versions()).toEqual([3, 5])
  await test.db.one(finishDeleteDeployment, { deploymentId, auditId: newId('aud'), activityId: newId('act') })
  expect(await versions()).toEqual([])
})

it('keeps when secrets were written: as given, of the revision that is repeated, or of the one before', async () => {
  const path = 'users/x/deployments/y'
  const steps: [Partial<ParamsOf<typeof updateDeployment>>, Record<string, number> | undefined][] = [
    [{ secretOrigins: { [path]: { A: 1 } } }, { A: 1 }],
    [{}, { A: 1 }],
    [{ secretOrigins: { [path]: { A: 1, B: 2 } } }, { A: 1, B: 2 }],
    [{ rollbackOf: 2 }, { A: 1 }],
    [{}, { A: 1 }],
    [{ rollbackOf: 4 }, { A: 1, B: 2 }],
    [{ rollbackOf: 1 }, undefined],
  ]
  for (const [index, [given, origins]] of steps.entries()) {
    await test.db.one(updateDeployment, change({ expectedGeneration: index + 1, ...given }))
    const row = await test.db.one(findDeployment, { deploymentId })
    expect(row.secretOrigins[path], `revision ${row.revision}`).toEqual(origins)
  }
})
