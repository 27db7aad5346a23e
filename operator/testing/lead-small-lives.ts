import { deepStrictEqual } from 'node:assert'

import fc from 'fast-check'

import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { isSameJson } from '../../src/kubernetes/canonical.ts'
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

/** Equal at a glance, and what differs is worth a longer look. */
function assertSame(end: unknown, wanted: unknown): void {
  if (!isSameJson(end, wanted)) deepStrictEqual(end, wanted)
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

export interface Lives {
  cases: number
  seed: number
}

/**
 * Every life ends as if nothing had been on the way, and then nothing is written any more.
 *
 * @returns the mishaps that there were
 * @throws {Error} of fast-check, with the life that ended otherwise
 */
export async function leadSmallLives({ cases, seed }: Lives): Promise<Set<Mishap['type']>> {
  const met = new Set<Mishap['type']>()
  await fc.assert(
    fc.asyncProperty(arbitrarySmallLife, async (stages) => {
      const last = stages.at(-1)?.resource
      if (!last) return
      for (const { mishaps } of stages) for (const [{ type }] of mishaps) met.add(type)
      const operator = await lead(stages)
      await calmed(operator)
      assertSame(outcomeOf(operator, last), await goldenOf(last))
      assertSame(await writesAfterwards(operator), [])
    }),
    { numRuns: cases, seed },
  )
  return met
}
