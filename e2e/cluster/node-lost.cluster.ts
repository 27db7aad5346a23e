/** A node that goes silent, and comes back: what its deployments say of that. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { findCondition } from '../../src/contract/crd/conditions.ts'
import { atLevel, skipUnless } from '../../src/testing/levels.ts'
import { openCluster } from '../fixtures/cluster.ts'
import {
  createTenant,
  deploy,
  installOperator,
  startOperator,
  type RunningOperator,
  type Tenant,
} from '../fixtures/operator.ts'
import { freeze } from '../fixtures/parts.ts'

/** The control plane believes a silent node for 50 seconds; three times that, and some for a busy machine. */
const SILENCE_MS = 200_000

// It takes a minute and a half, and stands still for all that runs on the node.
atLevel(9, () => {
  skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
    const cluster = openCluster()
    let operator: RunningOperator
    let tenant: Tenant

    beforeAll(async () => {
      await installOperator(cluster)
      operator = await startOperator()
      tenant = await createTenant(cluster)
    })
    afterAll(async () => {
      await cluster.delete(`/api/v1/namespaces/${tenant.namespace}`)
      await operator.stop()
      await cluster.close()
    })

    it('is named as the cause, and over when the node is back', { timeout: 2 * SILENCE_MS }, async () => {
      const deployed = await deploy(cluster, tenant, {})
      await deployed.until(90_000, ({ phase }) => phase === 'Ready')
      const goOn = await freeze('kubelet')
      try {
        const status = await deployed.until(
          SILENCE_MS,
          ({ conditions }) => findCondition(conditions, 'Ready')?.reason === 'NodeLost',
        )
        expect(findCondition(status.conditions, 'Ready')?.message).toBe(
          'A node that runs service web does not answer. Its pods are started elsewhere, or when it is back.',
        )
      } finally {
        goOn()
      }
      await deployed.until(SILENCE_MS, ({ phase }) => phase === 'Ready')
    })
  })
})
