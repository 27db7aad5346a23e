import { LABELS, MANAGED_BY } from '../../contract/crd/meta.ts'
import { OWNED_KINDS, type OwnedKind } from '../../contract/crd/owned-kinds.ts'
import type { UserDeployment } from '../../contract/crd/user-deployment.ts'
import type { OwnedObject, OwnedRef } from './port.ts'

const keyOf = ({ kind, namespace = '', name }: OwnedRef): string => `${kind} ${namespace}/${name}`

type Given = OwnedRef & Pick<OwnedObject, 'labels' | 'createdAt'> & { readonly hasOwner?: boolean }

/** Objects of the fake cluster that are no custom resources: namespaces, and what a test puts there. */
export class FakeOwned {
  readonly #objects = new Map<string, OwnedObject>()
  #version = 0

  /** As it is from now on; a change of one that is there makes another version of it. */
  put(given: Given): void {
    const { uid = crypto.randomUUID(), createdAt = given.createdAt } = this.#objects.get(keyOf(given)) ?? {}
    const resourceVersion = String(++this.#version)
    this.#objects.set(keyOf(given), {
      isTerminating: false,
      hasOwner: false,
      ...given,
      uid,
      createdAt,
      resourceVersion,
    })
  }

  /** With the custom resources, all that carries our label, in the order of the kinds. */
  list(resources: Iterable<UserDeployment>): OwnedObject[] {
    const all = [...this.#objects.values(), ...Array.from(resources, ownedOf)]
    const ours = all.filter(({ labels }) => labels[LABELS.managedBy] === MANAGED_BY)
    const order = (kind: OwnedKind): number => OWNED_KINDS.indexOf(kind)
    return ours.toSorted((a, b) => order(a.kind) - order(b.kind))
  }

  /** With a namespace goes what is in it. */
  remove(ref: OwnedRef): void {
    this.#objects.delete(keyOf(ref))
    if (ref.kind !== 'Namespace') return
    for (const [key, { namespace }] of this.#objects) if (namespace === ref.name) this.#objects.delete(key)
  }
}

function ownedOf({ metadata }: UserDeployment): OwnedObject {
  const { name, namespace, uid = '', resourceVersion = '', creationTimestamp = '', labels = {} } = metadata
  return {
    kind: 'UserDeployment',
    namespace,
    name,
    uid,
    resourceVersion,
    createdAt: new Date(creationTimestamp),
    isTerminating: metadata.deletionTimestamp !== undefined,
    hasOwner: false,
    labels,
  }
}
