/** The same against a real API server, by the rights of the server's own role: a namespace takes its time. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { bind } from '../../../deploy/local/access.ts'
import { openCluster } from '../../../e2e/fixtures/cluster.ts'
import { installOperator } from '../../../e2e/fixtures/operator.ts'
import { LABELS, MANAGED_BY } from '../../contract/crd/meta.ts'
import { DEFAULT_NAMESPACE_PATTERN, namespaceFor } from '../../contract/names.ts'
import { createKube } from '../../ports/kube/kubernetes.ts'
import { aTenant } from '../../testing/builders.ts'
import { useWorld } from '../../testing/world.ts'
import { finishRemovals } from './finish-removal.ts'

const cluster = openCluster()
const world = useWorld({
  openKube: () => createKube({ kubeconfig: join(inject('stackFolder'), 'kubeconfig/shipyard-server.yaml') }),
})

beforeAll(async () => {
  await installOperator(cluster)
  await cluster.apply(bind('shipyard-server', 'shipyard-server', 'shipyard-server'))
})
afterAll(async () => cluster.close())

it('sees the namespace of a deleted organisation go, with the volume that was kept in it', async () => {
  const { userId, orgId } = await aTenant(world.db)
  const namespace = namespaceFor(DEFAULT_NAMESPACE_PATTERN, { userId, orgId })
  const labels = { [LABELS.managedBy]: MANAGED_BY, [LABELS.userId]: userId, [LABELS.orgId]: orgId }
  await world.deps.kube?.ensureNamespace(namespace, {
    ...labels,
    [LABELS.plan]: 'free',
    [LABELS.isolation]: 'shared',
    'pod-security.kubernetes.io/enforce': 'restricted',
  })
  await cluster.apply({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'kept', namespace, labels: { [LABELS.managedBy]: MANAGED_BY } },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  })
  await (await world.as(userId)).orgs.delete({ orgId })
  const removal = async () => world.db.prisma.orgRemoval.findUniqueOrThrow({ where: { orgId } })
  await expect
    .poll(
      async () => {
        await finishRemovals(world.deps)
        return (await removal()).doneAt
      },
      { timeout: 60_000, interval: 500 },
    )
    .not.toBeNull()
  const left = (await world.deps.kube?.listOwned()) ?? []
  expect(left.filter((each) => each.name === namespace || each.namespace === namespace)).toEqual([])
}, 90_000)
