/** Resources that contradict themselves, each other, or the plan. */
import { beforeEach, expect, it } from 'vitest'

import type { UserDeployment, UserDeploymentStatus } from '../../src/contract/crd/user-deployment.ts'
import { KubeError } from '../runtime/cluster.ts'
import { MemoryOperator } from '../testing/memory-operator.ts'
import { putNamespace, putResource, statusOf } from '../testing/populate.ts'
import { aResource, testSettings } from '../testing/resources.ts'
import { scenario } from '../testing/scenarios.ts'

const stack = scenario('hello-stack').resource

let operator: MemoryOperator
beforeEach(() => {
  operator = new MemoryOperator(testSettings())
})

const status = (resource: UserDeployment): UserDeploymentStatus | undefined =>
  statusOf(operator.cluster, resource)

async function deploy(resource: UserDeployment): Promise<void> {
  putNamespace(operator.cluster, resource)
  putResource(operator.cluster, resource)
  await operator.settle()
}

it('says what is wrong with a resource that contradicts itself in a way the API server cannot see', async () => {
  const circular = {
    ...stack,
    spec: {
      ...stack.spec,
      services: stack.spec.services.map((service) => ({
        ...service,
        dependsOn: [service.name === 'web' ? 'api' : 'web'],
      })),
    },
  } as UserDeployment
  await deploy(circular)
  expect(status(stack)).toMatchObject({ phase: 'Error', lastError: { reason: 'InvalidSpec' } })
  expect(status(stack)?.lastError?.message).toContain('depend on each other in a circle')
  putResource(operator.cluster, stack)
  await operator.settle()
  expect(status(stack)).toMatchObject({ phase: 'Ready' })
  expect(status(stack)?.lastError).toBeUndefined()
})

it('tells by an event of a resource that takes no status, and does not try again', async () => {
  const invalid = { ...stack, spec: { ...stack.spec, services: [] } } as UserDeployment
  operator.cluster.applyStatus = async () => {
    throw new KubeError({ status: 422, reason: 'Invalid', message: 'spec.owner: no such key' })
  }
  await deploy(invalid)
  const reasons = operator.cluster.events.map(({ words }) => words.reason)
  expect(reasons).toEqual(['InvalidSpec'])
})

it('gives a chosen host name to the older of two, and to the other when it is free', async () => {
  const ingress = { service: 'web', port: 8080, hosts: ['shop.example.com'] }
  const older = aResource({ ingress })
  const younger = aResource(
    { ingress },
    { name: 'bbbbbbbbbb' as never, uid: 'another', creationTimestamp: '2030-01-02T00:00:00Z' },
  )
  await deploy(older)
  await deploy(younger)
  expect(status(older)?.phase).toBe('Ready')
  expect(status(younger)).toMatchObject({ phase: 'Error', lastError: { reason: 'HostTaken' } })
  putResource(operator.cluster, aResource())
  await operator.settle()
  expect(status(younger)?.phase).toBe('Ready')
})

it('makes no more than the plan allows to the organisation, the oldest first, and goes on when there is room', async () => {
  const older = aResource()
  const younger = aResource(
    {},
    { name: 'bbbbbbbbbb' as never, uid: 'another', creationTimestamp: '2030-01-02T00:00:00Z' },
  )
  putNamespace(operator.cluster, older, 'free')
  putResource(operator.cluster, older)
  putResource(operator.cluster, younger)
  await operator.settle()
  expect(status(older)?.phase).toBe('Ready')
  expect(status(younger)).toMatchObject({ phase: 'Error', lastError: { reason: 'TierLimitReached' } })
  expect(status(younger)?.lastError?.message).toContain('allows 1 deployment, and it has 1 older')
  putNamespace(operator.cluster, older, 'business')
  await operator.settle()
  expect(status(younger)?.phase).toBe('Ready')
  putNamespace(operator.cluster, older, 'free')
  await operator.settle()
  expect(status(younger)?.phase).toBe('Error')
  operator.cluster.objects.drop(older)
  await operator.settle()
  expect(status(younger)?.phase).toBe('Ready')
})

it('counts what an organisation has in the namespaces of all its members, and nothing of another one', async () => {
  const older = aResource()
  const { owner } = older.spec
  const beside = (name: string, changes: Partial<typeof owner>): UserDeployment =>
    aResource(
      { owner: { ...owner, ...changes } },
      {
        name: name as never,
        namespace: `sandbox-${name}` as never,
        uid: name,
        creationTimestamp: '2030-01-02T00:00:00Z',
      },
    )
  const colleague = beside('bbbbbbbbbb', { userId: `usr_${'b'.repeat(25)}` as never })
  const stranger = beside('cccccccccc', { orgId: `org_${'c'.repeat(25)}` as never })
  for (const resource of [older, colleague, stranger]) {
    putNamespace(operator.cluster, resource, 'free')
    putResource(operator.cluster, resource)
  }
  await operator.settle()
  expect(status(older)?.phase).toBe('Ready')
  expect(status(stranger)?.phase).toBe('Ready')
  expect(status(colleague)).toMatchObject({ phase: 'Error', lastError: { reason: 'TierLimitReached' } })
  operator.cluster.objects.drop(older)
  await operator.settle()
  expect(status(colleague)?.phase).toBe('Ready')
})
