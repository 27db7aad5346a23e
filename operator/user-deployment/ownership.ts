/** Whose an object is: ours, somebody else's, or one that a namesake before us left behind. */
import { LABELS, MANAGED_BY } from '../../src/contract/crd/meta.ts'
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import type { Manifest } from './manifest.ts'

export type Ownership = 'ours' | 'leftover' | 'foreign'

export function ownershipOf(live: Manifest, { metadata }: UserDeployment): Ownership {
  const controller = live.metadata.ownerReferences?.find((owner) => owner.controller === true)
  if (controller?.uid !== undefined && controller.uid === metadata.uid) return 'ours'
  // The deployment was deleted and is there again: what the old one made is on its way out.
  if (controller?.kind === 'UserDeployment' && controller.name === metadata.name) return 'leftover'
  return controller === undefined && isKeptClaim(live, metadata.name) ? 'ours' : 'foreign'
}

/** A volume that is kept has no owner; the name is generated, so whoever bears it is the same deployment. */
function isKeptClaim({ kind, metadata: { labels } }: Manifest, name: string): boolean {
  return (
    kind === 'PersistentVolumeClaim' &&
    labels?.[LABELS.managedBy] === MANAGED_BY &&
    labels[LABELS.deployment] === name
  )
}
