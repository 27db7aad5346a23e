/**
 * The operator's rights, from the kinds that its controllers declare: what is watched is listed and watched, what is
 * made is made, changed and deleted, and nothing else. No star, no Secret.
 */
import { stringify } from 'yaml'

import { GROUP, PLURALS } from '../../src/contract/crd/meta.ts'
import { LEASE } from '../operator.ts'
import { EXPOSE } from './admission/policy.ts'
import { RESOURCES, type KnownKind } from '../runtime/cluster.ts'
import { GUARD_KINDS, MADE_KINDS, SEEN_KINDS } from '../user-deployment/caches.ts'

export interface Rule {
  apiGroups: string[]
  resources: string[]
  resourceNames?: string[]
  verbs: string[]
}

const WATCH = ['list', 'watch']
/** A server-side apply that creates needs both verbs. */
const APPLY = ['create', 'patch']

/** One rule for each API group that the kinds are in. */
export function rulesFor(kinds: readonly KnownKind[], verbs: string[]): Rule[] {
  const groups = Map.groupBy(kinds, (kind) => RESOURCES[kind].group)
  return [...groups].map(([group, members]) => ({
    apiGroups: [group],
    resources: members.map((kind) => RESOURCES[kind].plural),
    verbs,
  }))
}

export function operatorRules(): Rule[] {
  const resource = PLURALS.UserDeployment
  return [
    { apiGroups: [GROUP], resources: [resource], verbs: ['get', ...WATCH] },
    { apiGroups: [GROUP], resources: [`${resource}/status`], verbs: ['patch'] },
    // Where owner references are guarded, a child may block its owner's deletion only with this.
    { apiGroups: [GROUP], resources: [`${resource}/finalizers`], verbs: ['update'] },
    // Not a verb of the API: what the admission policies ask for.
    { apiGroups: [GROUP], resources: [resource], verbs: [EXPOSE] },
    ...rulesFor(MADE_KINDS, ['get', ...WATCH, ...APPLY, 'delete']),
    ...rulesFor(GUARD_KINDS, ['get', ...WATCH, ...APPLY]),
    ...rulesFor([...SEEN_KINDS, 'Namespace'], WATCH),
    { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: [...WATCH, ...APPLY] },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: [LEASE],
      verbs: ['get', 'update'],
    },
  ]
}

/** The accounts of cert-manager where it is installed as its documentation says. */
export const CERT_MANAGER = 'system:serviceaccounts:cert-manager'

/** The right that the policies ask for, on its own, and the accounts besides the operator's that have it from us. */
export function exposers(): Record<string, unknown>[] {
  const group = 'rbac.authorization.k8s.io'
  const apiVersion = `${group}/v1`
  const metadata = { name: 'shipyard-exposer' }
  return [
    {
      apiVersion,
      kind: 'ClusterRole',
      metadata,
      rules: [{ apiGroups: [GROUP], resources: [PLURALS.UserDeployment], verbs: [EXPOSE] }],
    },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'shipyard-cert-manager' },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: metadata.name },
      subjects: [{ apiGroup: group, kind: 'Group', name: CERT_MANAGER }],
    },
  ]
}

/** Every file of rights that is generated, by its path from the root of the repository. */
export function generateRbac(): Record<string, string> {
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'shipyard-operator' },
    rules: operatorRules(),
  }
  const note = '# Generated from the watches and kinds of the operator by `npm run gen`. Do not edit.\n'
  const ofExposers = exposers().map((each) => stringify(each, { aliasDuplicateObjects: false }))
  return {
    'operator/manifests/operator-rbac.yaml': note + stringify(role, { aliasDuplicateObjects: false }),
    'operator/manifests/exposer-rbac.yaml':
      '# Generated from operator/manifests/rbac.ts by `npm run gen`. Do not edit.\n' +
      ofExposers.join('---\n'),
  }
}
