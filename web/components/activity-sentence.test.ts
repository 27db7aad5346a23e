import { expect, it } from 'vitest'

import { sentenceOf } from './activity-sentence.ts'

it.each([
  [{ kind: 'created', detail: {} }, 'deployed it'],
  [{ kind: 'env_updated', detail: { service: 'web', variables: ['A'] } }, 'changed the variables of web'],
  [
    { kind: 'image_updated', detail: { service: 'web', image: 'app:2' } },
    'changed the image of web to app:2',
  ],
  [{ kind: 'image_followed', detail: { service: 'web', image: 'app:main' } }, 'made web follow app:main'],
  [
    { kind: 'image_unfollowed', detail: { service: 'web', image: 'app:main' } },
    'stopped web from following app:main',
  ],
  [
    { kind: 'image_moved', detail: { service: 'web', image: 'app:main', onBehalfOf: 'Ada' } },
    'brought web to what app:main means now for Ada',
  ],
  [{ kind: 'image_moved', detail: {} }, 'brought it to what its tag means now'],
  [{ kind: 'scaled', detail: { service: 'web', replicas: 1 } }, 'scaled web to 1 pod'],
  [{ kind: 'scaled', detail: { service: 'web', replicas: 0 } }, 'scaled web to 0 pods'],
  [{ kind: 'rolled_back', detail: { to: 3 } }, 'went back to revision 3'],
  [
    { kind: 'rolled_back', detail: { to: 3, failed: 4, reason: 'ImageNotFound' } },
    'went back to revision 3 because of a failure of revision 4',
  ],
  [{ kind: 'ingress_updated', detail: {} }, 'changed how requests are taken in'],
  [{ kind: 'handed_over', detail: { to: 'Grace' } }, 'handed it over to Grace'],
  [{ kind: 'rollback_set', detail: { rollbackOnFailure: true } }, 'wants updates that fail to be taken back'],
  [{ kind: 'secrets_updated', detail: { keys: ['A', 'B'] } }, 'set the secrets A, B'],
] as const)('says what somebody did (%j)', (entry, sentence) => {
  expect(sentenceOf(entry)).toBe(sentence)
})

it('says less when the details are not as expected', () => {
  expect(sentenceOf({ kind: 'env_updated', detail: { service: 7 } })).toBe('changed the variables')
  expect(sentenceOf({ kind: 'secrets_updated', detail: { keys: 'A' } })).toBe('set the secrets')
  expect(sentenceOf({ kind: 'a_new_kind' as 'created', detail: {} })).toBe('changed it')
})
