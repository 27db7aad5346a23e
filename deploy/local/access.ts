import type { KubeObject } from './cluster-api.ts'
import { kubernetesUsers, type KubernetesUser } from './identities.ts'

export interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

const rbac = 'rbac.authorization.k8s.io'

/** A ClusterRole with these rules for one of the stack's own identities, and its binding. */
export function grant(
  user: keyof typeof kubernetesUsers & KubernetesUser,
  rules: readonly Rule[],
): KubeObject[] {
  const name = `shipyard-${user}`
  const role: KubeObject = { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules }
  return [role, bind(name, user, name)]
}

/** Binds an identity of the stack to a ClusterRole that is there already. */
export function bind(name: string, user: keyof typeof kubernetesUsers, clusterRole: string): KubeObject {
  const subject = kubernetesUsers[user].replace(/^.*CN=/, '')
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: clusterRole },
    subjects: [{ apiGroup: rbac, kind: 'User', name: subject }],
  }
}

export const read = ['get', 'list', 'watch'] as const
