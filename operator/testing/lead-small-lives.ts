import fc from 'fast-check'
import { expect } from 'vitest'

import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { expectSame } from './expect-same.ts'
import { MemoryOperator } from './memory-operator.ts'
import {
  calmed,
  disturb,
  outcomeOf,
  turns,
  undisturbed,
  writesAfterwards,
  type Mishap,
  type Outcome,
} from './mishaps.ts'
import { putNamespace, putResource } from './populate.ts'
import { testSettings } from './resources.ts'
import { arbitrarySmallLife, type Stage } from './small-lives.ts'

const settings = testSettings({ PRIVATE_EGRESS: '10.0.0.0/8' })

/** Where each of the small deployments ends by itself; there are few of them. */
const golden = new Map<UserDeployment, Outcome>()

async function goldenOf(resource: UserDeployment): Promise<Outcome> {
  const known = golden.get(resource) ?? (await undisturbed(resource, settings))
  golden.set(resource, known)
  return known
}

async function lead(stages: readonly Stage[]): Promise<MemoryOperator> {
  let operator = new MemoryOperator(settings)
  for (const { resource, mishaps } of stages) {
    if (!operator.cluster.objects.get('Namespace', { name: resource.metadata.namespace ?? '' }))
      putNamespace(operator.cluster, resource)
    putResource(operator.cluster, resource)
    for (const [event, count] of mishaps) {
      operator = disturb(operator, resource, event)
      await turns(operator, count, event.type === 'lag')
    }
  }
  return operator
}

/**
 * Every life ends as if nothing had been on the way, and then nothing is written any more.
 *
 * @returns the mishaps that there were
 */
export async function leadSmallLives(cases: number, seed: number): Promise<Set<Mishap['type']>> {
  const met = new Set<Mishap['type']>()
  await fc.assert(
    fc.asyncProperty(arbitrarySmallLife, async (stages) => {
      const last = stages.at(-1)?.resource
      if (!last) return
      for (const { mishaps } of stages) for (const [{ type }] of mishaps) met.add(type)
      const operator = await lead(stages)
      await calmed(operator)
      expectSame(outcomeOf(operator, last), await goldenOf(last))
      expect(await writesAfterwards(operator)).toEqual([])
    }),
    { numRuns: cases, seed },
  )
  return met
}
