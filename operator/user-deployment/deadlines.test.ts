/**
 * Wherever the rest of the cluster stops working for a deployment: what waits has a date until which it waits, is an
 * error with a reason after it, and becomes well when the others go on (docs/decisions/010).
 */
import { expect, it } from 'vitest'

import { REASONS } from '../../src/contract/crd/conditions.ts'
import type { UserDeployment, UserDeploymentStatus } from '../../src/contract/crd/user-deployment.ts'
import { MemoryOperator } from '../testing/memory-operator.ts'
import { step } from '../testing/memory-world.ts'
import { putNamespace, putResource, statusOf } from '../testing/populate.ts'
import { testSettings } from '../testing/resources.ts'
import { SCENARIOS } from '../testing/scenarios.ts'

/** More steps than any of them takes. */
const MANY = 50

/** The operator alone, with all the time that it needs; nobody else does anything. */
async function work(operator: MemoryOperator): Promise<void> {
  // What was seen may be written a little later.
  for (let look = 0; look < 3; look++) {
    operator.resync()
    operator.cluster.deliver()
    for (let turn = 0; !operator.isIdle; turn++) {
      expect(turn).toBeLessThan(100 * MANY)
      await operator.turn()
      operator.cluster.deliver()
    }
  }
}

/** So many steps of everybody else, after each of which the operator comes to rest; then they stop. */
async function standstillAfter(steps: number, resource: UserDeployment): Promise<MemoryOperator> {
  const operator = new MemoryOperator(testSettings({ PRIVATE_EGRESS: '10.5.0.0/16' }))
  putNamespace(operator.cluster, resource)
  putResource(operator.cluster, resource)
  await work(operator)
  for (let done = 0; done < steps; done++) {
    step(operator.cluster)
    await work(operator)
  }
  return operator
}

it.each(SCENARIOS.filter(({ resource }) => !resource.spec.suspended))(
  'waits until a date at most, and is an error with a reason after it: $name',
  async ({ resource }) => {
    const waited: UserDeploymentStatus['phase'][] = []
    for (let steps = 0; ; steps++) {
      expect(steps).toBeLessThan(MANY)
      const operator = await standstillAfter(steps, resource)
      const status = (): UserDeploymentStatus | undefined => statusOf(operator.cluster, resource)
      const { phase = 'Pending', deadlineAt = '' } = status() ?? {}
      if (phase === 'Ready') break
      waited.push(phase)
      expect(Date.parse(deadlineAt), `after ${steps} steps`).toBeGreaterThan(operator.nowMs)

      operator.nowMs = Date.parse(deadlineAt)
      await work(operator)
      expect(status(), `after ${steps} steps`).toMatchObject({
        phase: 'Error',
        lastError: {
          reason: expect.toSatisfy((reason) => reason in REASONS),
          message: expect.stringMatching(/\.$/),
        },
      })
      expect([...operator.results.values()].filter(({ type }) => type === 'wait')).toEqual([])

      await operator.settle()
      expect(status(), `after ${steps} steps`).toMatchObject({ phase: 'Ready' })
      expect(status()).not.toHaveProperty('lastError')
    }
    expect(waited).toContain('Provisioning')
  },
)
