/** A node that goes silent, and comes back: what its deployments say of that. */
import { expect, inject, it } from 'vitest'

import { findCondition } from '../../src/contract/crd/conditions.ts'
import { atLevel, skipUnless } from '../../src/testing/levels.ts'
import { eventually } from '../fixtures/cluster.ts'
import { deploy } from '../fixtures/operator.ts'
import { freeze } from '../fixtures/parts.ts'
import { useOperator } from '../fixtures/use-operator.ts'

/** The control plane believes a silent node for 50 seconds; three times that, and some for a busy machine. */
const SILENCE_MS = 200_000

// It takes a minute and a half, and stands still for all that runs on the node.
atLevel(9, () => {
  skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
    const world = useOperator()
    const { cluster } = world

    it('is named as the cause, and over when the node is back', { timeout: 2 * SILENCE_MS }, async () => {
      const deployed = await deploy(cluster, world.tenant, {})
      await deployed.until(90_000, ({ phase }) => phase === 'Ready')
      const goOn = await freeze('kubelet')
      try {
        const status = await deployed.until(
          SILENCE_MS,
          ({ conditions }) => findCondition(conditions, 'Ready')?.reason === 'NodeLost',
        )
        const sentence =
          'A node that runs service web does not answer. Its pods are started elsewhere, or when it is back.'
        expect(findCondition(status.conditions, 'Ready')?.message).toBe(sentence)
        await eventually(15_000, async () =>
          expect(await deployed.events()).toContainEqual(
            expect.objectContaining({ reason: 'NodeLost', note: sentence }),
          ),
        )
      } finally {
        goOn()
      }
      await deployed.until(SILENCE_MS, ({ phase }) => phase === 'Ready')
    })
  })
})
