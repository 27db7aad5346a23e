/** For which deployments a change counts: each one too many is a reconcile that finds nothing to do. */
import { expect, it } from 'vitest'

import type { KnownKind } from '../runtime/cluster.ts'
import { FakeCache } from '../runtime/testing/fake-cache.ts'
import { aResource, NAMESPACE, testSettings } from '../testing/resources.ts'
import { declareCaches } from './caches.ts'
import { userDeploymentController } from './controller.ts'

/** Names of the deployments that look again when the quota of their namespace has changed. */
function wokenByQuota(status: unknown): string[] {
  const resource = { ...aResource(), status }
  const caches = declareCaches({ cache: ({ kind }: { kind: KnownKind }) => new FakeCache(kind) } as never)
  caches.find.residents.replace(undefined, resource)
  const { watches } = userDeploymentController(caches, {
    settings: testSettings(),
    reach: { awaitsIngressStatus: false },
  })
  const watch = watches.find(({ cache }) => cache === caches.guards.ResourceQuota)
  const quota = { metadata: { name: 'shipyard-quota', namespace: NAMESPACE } }
  return [...(watch?.toKeys(quota as never) ?? [])].map(({ name }) => name)
}

const held = (reason: string) => ({ phase: 'Provisioning', conditions: [{ type: 'Progressing', reason }] })

it.each([
  ['nothing was said of it yet', undefined],
  ['it waits for its namespace', { phase: 'Pending' }],
  ['it failed', { phase: 'Error' }],
  ['the quota had no room for a part of it', held('QuotaExceeded')],
  ['its status is nonsense', { conditions: ['?', null] }],
])('looks again when a guard of its namespace changes and %s', (_, status) => {
  expect(wokenByQuota(status)).toHaveLength(1)
})

it.each([
  ['runs', { phase: 'Ready' }],
  // A quota changes with every object that is made in its namespace.
  ['is on its way', held('RollingOut')],
])('takes no notice of the use of a quota while it %s', (_, status) => {
  expect(wokenByQuota(status)).toEqual([])
})
