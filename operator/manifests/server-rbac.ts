/**
 * The server's rights. It writes the custom resources and the namespaces that they live in, looks at their pods, reads
 * their logs and opens terminals in them. It makes no workload and reads no Secret. What carries its label and belongs to
 * nobody it may remove, when a platform administrator asks for it.
 */
import { stringify } from 'yaml'

import { GROUP, PLURALS } from '../../src/contract/crd/meta.ts'
import { OWNED_KINDS } from '../../src/contract/crd/owned-kinds.ts'
import { SWEEP } from './admission/policy.ts'
import { rulesFor, type Rule } from './rbac.ts'

const REMOVE = ['get', 'list', 'delete']
/** These have rules of their own: the server makes them too. */
const MADE_BY_SERVER: readonly string[] = ['Namespace', 'UserDeployment']

export function serverRules(): Rule[] {
  return [
    { apiGroups: [''], resources: ['namespaces'], verbs: [...REMOVE, 'create', 'patch'] },
    {
      apiGroups: [GROUP],
      resources: [PLURALS.UserDeployment],
      // The last is no verb of the API: the policy `shipyard-removals` holds whoever has it to our label.
      verbs: [...REMOVE, 'watch', 'create', 'patch', SWEEP],
    },
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
    { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    // A WebSocket begins with a GET, so up to Kubernetes 1.34 it is `get` that opens a terminal; from 1.35 on `create`
    // is asked for as well (KEP-4006).
    { apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] },
    ...rulesFor(
      OWNED_KINDS.filter((kind) => !MADE_BY_SERVER.includes(kind)),
      REMOVE,
    ),
  ]
}

/** The file of the server's rights, by its path from the root of the repository. */
export function generateServerRbac(): Record<string, string> {
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'shipyard-server' },
    rules: serverRules(),
  }
  const note = '# Generated from operator/manifests/server-rbac.ts by `npm run gen`. Do not edit.\n'
  return { 'operator/manifests/server-rbac.yaml': note + stringify(role, { aliasDuplicateObjects: false }) }
}
