import type { Finding } from '../../src/modules/garbage/schema.ts'

type Target = Finding['target']

/** On the button that mends it. */
export const repairWord = (target: Target): string => (target.of === 'deployment' ? 'Push again' : 'Delete')

/** What happens then, for who is asked whether it shall. */
export function consequenceOf({ target, reason }: Pick<Finding, 'target' | 'reason'>): string {
  if (target.of === 'deployment') return 'What is wanted of it is written to the cluster again.'
  if (target.of === 'secret') return 'All versions of these values are destroyed for good.'
  if (reason === 'KeptVolume') return 'The volume and the data in it are gone for good.'
  if (target.kind === 'Namespace') return 'Everything in it goes too, volumes and their data included.'
  return target.kind === 'UserDeployment'
    ? 'Everything that was made of it goes too, volumes that were not to be kept included.'
    : 'This one object is deleted, if it is still the one that was seen.'
}
