import { expect, it } from 'vitest'

import { smallService } from '../../src/contract/testing/specs.ts'
import { anObserved, liveMap } from '../testing/observed.ts'
import { aResource, testSettings } from '../testing/resources.ts'
import { considerBeside } from './considered.ts'
import { planChanges } from './plan.ts'
import { renderUserDeployment } from './render.ts'

const resource = aResource({
  services: [smallService({ volumes: [{ name: 'data', path: '/data', size: '2Gi' }] })],
})

/** The sizes that are asked for of a claim that has 1Gi, or `size`, in this phase. */
function asked(phase: string, size = '1Gi'): unknown[] {
  const desired = renderUserDeployment(resource, testSettings())
  const live = desired
    .filter(({ kind }) => kind === 'PersistentVolumeClaim')
    .map((claim) => ({ ...claim, spec: { resources: { requests: { storage: size } } }, status: { phase } }))
  const considered = considerBeside(anObserved(resource, { live: liveMap(...live) }), testSettings())
  const { apply } = planChanges({ ...considered, holds: new Map() })
  expect(apply.map(({ wanted }) => wanted.kind)).toContain('Deployment')
  return apply.filter(({ wanted }) => wanted.kind === 'PersistentVolumeClaim').map(({ wanted }) => wanted)
}

it('lets a volume grow that is there, and one that waits for its first pod when that has come', () => {
  expect(asked('Bound')).toMatchObject([{ spec: { resources: { requests: { storage: '2Gi' } } } }])
  expect(asked('Pending')).toEqual([])
})

it('changes what else there is about a volume while it waits for its first pod', () => {
  expect(asked('Pending', '2Gi')).toHaveLength(1)
})
