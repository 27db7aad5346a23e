/** What has to be so before something else happens. */
import { expect, it } from 'vitest'

import { MemoryOperator } from '../testing/memory-operator.ts'
import { putNamespace, putResource, statusOf } from '../testing/populate.ts'
import { testSettings } from '../testing/resources.ts'
import { scenario } from '../testing/scenarios.ts'
import type { LiveDeployment } from './observed.ts'

const stack = scenario('hello-stack').resource

it('is not Ready before its address is answered, and asks no more once it was', async () => {
  const asked: string[] = []
  let isThere = false
  const operator = new MemoryOperator(testSettings(), undefined, {
    async firstUnanswered(questions) {
      asked.push(...questions.map(({ host, path }) => `${host}${path}`))
      return isThere ? undefined : questions[0]
    },
  })
  putNamespace(operator.cluster, stack)
  putResource(operator.cluster, stack)
  await operator.settle()
  expect(statusOf(operator.cluster, stack)).toMatchObject({
    phase: 'Provisioning',
    services: [{ ready: 1 }, { ready: 1 }],
    conditions: expect.arrayContaining([
      expect.objectContaining({ type: 'Ready', status: 'False', reason: 'IngressPending' }),
    ]) as unknown,
  })
  expect([...operator.results.values()]).toContainEqual(
    expect.objectContaining({ type: 'wait', after: '250ms', reason: 'IngressPending' }),
  )
  isThere = true
  operator.resync()
  await operator.settle()
  expect(statusOf(operator.cluster, stack)?.phase).toBe('Ready')
  expect(new Set(asked)).toEqual(new Set(['abcdefghij.apps.localhost/readyz']))
  asked.length = 0
  operator.resync()
  await operator.settle()
  expect(asked).toEqual([])
})

it('starts a service when those that it depends on were ready, and keeps it when they are not any more', async () => {
  const operator = new MemoryOperator(testSettings())
  putNamespace(operator.cluster, stack)
  putResource(operator.cluster, stack)
  /** By the cluster's own count: the resource's status is written after what a reconcile makes. */
  const readyOfApi = (): number => {
    const api = operator.cluster.objects
      .all('Deployment')
      .find(({ metadata }) => metadata.name.endsWith('-api'))
    return (api as LiveDeployment | undefined)?.status?.readyReplicas ?? 0
  }
  const order: [name: string, readyOfApi: number][] = []
  operator.cluster.objects.listen(({ type, object: { kind, metadata } }) => {
    const isNews = kind === 'Deployment' && type === 'put' && !order.some(([name]) => name === metadata.name)
    if (isNews) order.push([metadata.name, readyOfApi()])
  })
  await operator.settle()
  expect(order).toEqual([
    ['abcdefghij-api', 0],
    ['abcdefghij-web', 1],
  ])
})

it('makes the pods with the addresses that it was just given, in one go', async () => {
  const operator = new MemoryOperator(testSettings())
  putNamespace(operator.cluster, stack)
  await operator.settle()
  const resource = scenario('smallest').resource
  putResource(operator.cluster, resource)
  operator.cluster.deliver()
  await operator.turn()
  expect(operator.cluster.objects.all('Deployment')).toHaveLength(1)
  expect(statusOf(operator.cluster, resource)).toMatchObject({ phase: 'Provisioning' })
})
