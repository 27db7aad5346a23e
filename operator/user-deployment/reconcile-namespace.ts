/** Keeps the guards of every tenant's namespace as they should be. They go with the namespace. */
import { LABELS, MANAGED_BY } from '../../src/contract/crd/meta.ts'
import type { Cache, KubeObject } from '../runtime/cluster.ts'
import type { Reconcile } from '../runtime/controller-types.ts'
import { done, stalled } from '../runtime/result.ts'
import type { Caches, GuardKind } from './caches.ts'
import { namespaceGuards } from './desired/namespace-guards.ts'
import { isGoing } from './observed.ts'

export function createNamespaceReconcile(caches: Caches): Reconcile {
  return async ({ name }, { cluster, signal }) => {
    const namespace = caches.namespaces.get({ name })
    if (!namespace || isGoing(namespace)) return done()
    const wanted = namespaceGuards({ name, labels: namespace.metadata.labels ?? {} })
    for (const guard of wanted) {
      const cached = guardCache(caches, guard.kind).get(guard.metadata)
      const live = cached ?? (await cluster.get(guard.kind as GuardKind, guard.metadata, signal))
      if (live && live.metadata.labels?.[LABELS.managedBy] !== MANAGED_BY) {
        const message = `There is a ${guard.kind} ${guard.metadata.name} that Shipyard did not make. Delete or rename it: until then nothing is started in this namespace.`
        cluster.event(namespace, { type: 'Warning', reason: 'NameTaken', message })
        return stalled({ reason: 'NameTaken', message })
      }
      await cluster.apply<KubeObject>(guard, { live, force: live !== undefined, signal })
    }
    return done()
  }
}

const guardCache = (caches: Caches, kind: string): Cache =>
  kind === 'NetworkPolicy' ? caches.made.NetworkPolicy : caches.guards[kind as GuardKind]
