/** A deployment that ran, and then failed, is mended by an update: nothing of before may be held against it. */
import { expect, it } from 'vitest'

import { findCondition } from '../../src/contract/crd/conditions.ts'
import { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import { failedUpdate, type FailedUpdate } from '../../src/modules/deployments/failed-update.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import { MemoryOperator } from '../testing/memory-operator.ts'
import { aPod } from '../testing/observed.ts'
import { putNamespace, putResource, statusOf } from '../testing/populate.ts'
import { aResource, testSettings } from '../testing/resources.ts'
import { REVISION, TEMPLATE_HASH, type LiveDeployment } from './observed.ts'

const withMemory = (memory: string, revision: number): UserDeployment =>
  aResource({
    revision,
    rollbackOnFailure: true,
    services: [smallService({ resources: { requests: { memory: '16Mi' }, limits: { memory } } })],
  })

/** The only pod of the first revision is ended again and again, as its Deployment says. */
function fail({ objects }: MemoryOperator['cluster']): void {
  const [deployment] = objects.all('Deployment') as LiveDeployment[]
  const [replicaSet] = objects.all('ReplicaSet')
  if (!deployment || !replicaSet) throw new Error('they were made')
  const { metadata } = replicaSet
  const annotations = { [REVISION]: '1' }
  const labels = { ...metadata.labels, [TEMPLATE_HASH]: 'first' }
  objects.replace({ ...replicaSet, metadata: { ...metadata, annotations, labels } })
  objects.replace({
    ...deployment,
    metadata: { ...deployment.metadata, annotations: { ...deployment.metadata.annotations, ...annotations } },
    status: { ...deployment.status, readyReplicas: 0, availableReplicas: 0 },
  } as KubeObject)
  const lastState = { terminated: { reason: 'OOMKilled', exitCode: 137 } }
  const pod = aPod({ restartCount: 5, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState })
  objects.replace({
    ...pod,
    metadata: { ...pod.metadata, namespace: metadata.namespace ?? '', labels },
  })
}

it('is on its way with the first word after the update, so that nobody takes that back', async () => {
  const operator = new MemoryOperator(testSettings())
  const { cluster } = operator
  /** The operator alone, while nobody else moves. */
  const look = async (): Promise<void> => {
    cluster.deliver()
    while (!operator.isIdle) {
      await operator.turn()
      cluster.deliver()
    }
  }
  const first = withMemory('32Mi', 1)
  putNamespace(cluster, first)
  putResource(cluster, first)
  await operator.settle()
  fail(cluster)
  await look()
  expect(statusOf(cluster, first)).toMatchObject({ lastError: { reason: 'OutOfMemory' }, readyRevision: 1 })

  const takenBack: FailedUpdate[] = []
  cluster.objects.listen(({ kind, object }) => {
    const failed = kind === 'UserDeployment' ? failedUpdate(UserDeployment.parse(object)) : undefined
    if (failed) takenBack.push(failed)
  })
  const mended = withMemory('64Mi', 2)
  putResource(cluster, mended)
  await look()
  const status = statusOf(cluster, mended)
  expect(status).toMatchObject({ observedGeneration: 2, phase: 'Provisioning', readyRevision: 1 })
  expect(findCondition(status?.conditions ?? [], 'Ready')).toMatchObject({ reason: 'Provisioning' })
  await operator.settle()
  expect(takenBack).toEqual([])
  expect(statusOf(cluster, mended)).toMatchObject({ phase: 'Ready', readyRevision: 2 })
})
