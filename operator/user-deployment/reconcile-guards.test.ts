/** What a namespace has to be before anything runs in it, and all the time after. */
import { beforeEach, expect, it } from 'vitest'

import { smallService } from '../../src/contract/testing/specs.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import { MemoryOperator } from '../testing/memory-operator.ts'
import { putNamespace, putResource, statusOf } from '../testing/populate.ts'
import { aResource, NAMESPACE, testSettings } from '../testing/resources.ts'

let operator: MemoryOperator
beforeEach(() => {
  operator = new MemoryOperator(testSettings())
})

const names = (kind: string): string[] =>
  operator.cluster.objects.all(kind).map(({ metadata }) => metadata.name)

it('starts nothing beside a guard that somebody else made, and leaves that as it is', async () => {
  const { objects } = operator.cluster
  const resource = aResource()
  const foreign = objects.replace({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'shipyard-default-deny', namespace: NAMESPACE },
    spec: { podSelector: {} },
  } as KubeObject)
  putNamespace(operator.cluster, resource)
  putResource(operator.cluster, resource)
  await operator.settle()
  expect(objects.get('NetworkPolicy', foreign.metadata)).toBe(foreign)
  expect(names('Deployment')).toEqual([])
  expect(statusOf(operator.cluster, resource)).toMatchObject({ phase: 'Pending' })

  objects.drop(foreign)
  operator.resync()
  await operator.settle()
  expect(statusOf(operator.cluster, resource)).toMatchObject({ phase: 'Ready' })
})

it('says at once when a namespace is opened in which something runs', async () => {
  const resource = aResource()
  const namespace = putNamespace(operator.cluster, resource)
  putResource(operator.cluster, resource)
  await operator.settle()
  const labels = { ...namespace.metadata.labels, 'pod-security.kubernetes.io/enforce': 'privileged' }
  operator.cluster.objects.replace({ ...namespace, metadata: { ...namespace.metadata, labels } })
  await operator.settle()
  expect(statusOf(operator.cluster, resource)).toMatchObject({ lastError: { reason: 'InvalidSpec' } })
})

it('makes no pods while the fence around them could not be made', async () => {
  const resource = aResource({ services: [smallService({ ports: [] })], ingress: undefined })
  putNamespace(operator.cluster, resource)
  await operator.settle()
  putResource(operator.cluster, resource)
  operator.cluster.deliver()
  operator.cluster.cut = { at: 0, when: 'before', counts: 'writes' }
  await expect(operator.turn()).resolves.toMatchObject({ reason: 'ConnectionFailed' })
  expect(names('NetworkPolicy')).toEqual(['shipyard-default-deny'])
  expect(names('Deployment')).toEqual([])
  await operator.settle()
  expect(names('Deployment')).toEqual(['abcdefghij-web'])
})

it('gives a host name to the older of two, and to the other one when it is free', async () => {
  const ingress = { service: 'web', port: 8080, hosts: ['shop.example.com'] }
  const first = aResource({ ingress })
  const { metadata } = first
  const name = 'bcdefghijk' as typeof metadata.name
  const second = aResource({ ingress }, { name, uid: 'second', creationTimestamp: '2030-01-01T00:00:01Z' })
  putNamespace(operator.cluster, first)
  putResource(operator.cluster, second)
  putResource(operator.cluster, first)
  await operator.settle()
  expect(statusOf(operator.cluster, first)).toMatchObject({ phase: 'Ready' })
  expect(statusOf(operator.cluster, second)).toMatchObject({ lastError: { reason: 'HostTaken' } })
  putResource(operator.cluster, aResource({ ingress: undefined }))
  await operator.settle()
  expect(statusOf(operator.cluster, second)).toMatchObject({ phase: 'Ready' })
})

it('tells each reason once, however often it looks', async () => {
  const resource = aResource()
  putNamespace(operator.cluster, resource)
  putResource(operator.cluster, resource)
  await operator.settle()
  const reasons = (): string[] => operator.cluster.events.map(({ words }) => words.reason)
  expect(reasons().filter((reason) => reason === 'Available')).toHaveLength(1)
  const before = reasons()
  operator.resync()
  await operator.settle()
  expect(reasons()).toEqual(before)
})

it('carries out no old wish over what a newer one made, when only that watch is behind', async () => {
  const { cluster } = operator
  const image = (tag: number): ReturnType<typeof aResource> =>
    aResource({ revision: tag, services: [smallService({ image: `docker.io/library/x:${tag}` })] })
  putNamespace(cluster, image(1))
  const old = putResource(cluster, image(1))
  await operator.settle()
  putResource(cluster, image(2))
  await operator.settle()
  const made = cluster.objects.all('Deployment')

  cluster.forgetCaches()
  const restarted = new MemoryOperator(testSettings(), cluster)
  for (const cache of cluster.caches) if (cache.resource.kind === 'UserDeployment') cache.relist([old])
  cluster.deliver()
  for (let turn = 0; turn < 10; turn++) await restarted.turn()
  expect(cluster.objects.all('Deployment')).toEqual(made)
  expect(restarted.isIdle).toBe(false)
  cluster.relist()
  await restarted.settle()
  expect(cluster.objects.all('Deployment')).toEqual(made)
})
