import { stringify } from 'yaml'

import { POLICIES } from './policies.ts'
import { manifestsOf } from './policy.ts'

/** The file of the admission policies, by its path from the root of the repository. */
export function generateAdmission(): Record<string, string> {
  const note = '# Generated from operator/manifests/admission by `npm run gen`. Do not edit.\n'
  const documents = POLICIES.flatMap(manifestsOf).map((each) =>
    stringify(each, { lineWidth: 0, aliasDuplicateObjects: false }),
  )
  return { 'operator/manifests/admission.yaml': note + documents.join('---\n') }
}
