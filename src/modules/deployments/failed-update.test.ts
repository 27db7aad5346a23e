import { expect, it } from 'vitest'

import { REASONS } from '../../contract/crd/conditions.ts'
import { ANNOTATIONS, LABELS } from '../../contract/crd/meta.ts'
import type { UserDeployment } from '../../contract/crd/user-deployment.ts'
import { newId } from '../../contract/ids.ts'
import { failedUpdate } from './failed-update.ts'

const id = newId('dep')

interface Given {
  metadata?: object
  spec?: object
  status?: object
  stalled?: object
}

/** Revision 3 failed, 2 was ready, and going back is wanted; or what differs. */
function resource({ metadata, spec, status, stalled }: Given = {}): UserDeployment {
  const labels = { [LABELS.deploymentId]: id }
  const annotations = { [ANNOTATIONS.generation]: '9' }
  const condition = { type: 'Stalled', status: 'True', reason: 'ImageNotFound', ...stalled }
  return {
    metadata: { generation: 5, labels, annotations, ...metadata },
    spec: { revision: 3, rollbackOnFailure: true, suspended: false, ...spec },
    status: { observedGeneration: 5, readyRevision: 2, conditions: [condition], ...status },
  } as unknown as UserDeployment
}

it('knows which revision failed, why, and which one was ready', () => {
  const known = { id, generation: 9, failed: 3, good: 2, reason: 'ImageNotFound' }
  expect(failedUpdate(resource())).toEqual(known)
})

it.each<[string, Given]>([
  ['nobody asked for it', { spec: { rollbackOnFailure: false } }],
  ['it is stopped', { spec: { suspended: true } }],
  ['it is being deleted', { metadata: { deletionTimestamp: '2030-01-01T00:00:00Z' } }],
  ['the operator has not looked at the newest wish', { status: { observedGeneration: 4 } }],
  ['there is no status', { status: { observedGeneration: undefined, conditions: undefined } }],
  ['the operator still hopes', { stalled: { type: 'Reconciling' } }],
  ['it is no longer stalled', { stalled: { status: 'False' } }],
  ['no revision was ever ready', { status: { readyRevision: undefined } }],
  ['this very revision was ready', { status: { readyRevision: 3 } }],
  ['another deployment has its host name', { stalled: { reason: 'HostTaken' } }],
  ['the secret store is away', { stalled: { reason: 'SecretStoreUnavailable' } }],
  ['its node is gone', { stalled: { reason: 'NodeLost' } }],
  ['somebody made it by hand', { metadata: { labels: {} } }],
])('leaves it as it is when %s', (_, given) => {
  expect(failedUpdate(resource(given))).toBeUndefined()
})

it('goes back for what an update brings about, and for nothing else', () => {
  const reasons = Object.keys(REASONS).filter((reason) => failedUpdate(resource({ stalled: { reason } })))
  expect(reasons).toMatchInlineSnapshot(`
    [
      "InvalidSpec",
      "SecretsIncomplete",
      "ImageNotFound",
      "ImagePullDenied",
      "CrashLoop",
      "OutOfMemory",
      "Unschedulable",
      "QuotaExceeded",
      "ProbeFailing",
      "ConfigError",
      "VolumePending",
      "DeadlineExceeded",
    ]
  `)
})
