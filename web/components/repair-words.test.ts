import { expect, it } from 'vitest'

import { consequenceOf, repairWord } from './repair-words.ts'

const object = (kind: 'Namespace' | 'UserDeployment' | 'Service' | 'PersistentVolumeClaim') =>
  ({ of: 'object', kind, namespace: null, name: 'x', uid: '' }) as const

it.each([
  [object('Namespace'), 'NoTenant', 'Everything in it goes too'],
  [object('UserDeployment'), 'NoDeployment', 'Everything that was made of it'],
  [object('Service'), 'NoDeployment', 'This one object'],
  [object('PersistentVolumeClaim'), 'KeptVolume', 'data in it are gone for good'],
  [{ of: 'secret', path: 'x' as never }, 'UnnamedSecret', 'destroyed for good'],
  [{ of: 'deployment', id: 'x' as never }, 'NotInCluster', 'written to the cluster again'],
] as const)('says before what is lost (%j)', (target, reason, part) => {
  expect(consequenceOf({ target, reason })).toContain(part)
  expect(repairWord(target)).toBe(target.of === 'deployment' ? 'Push again' : 'Delete')
})
