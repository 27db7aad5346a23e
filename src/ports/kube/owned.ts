/** Finds and removes what carries our label, whoever made it: for the report of what belongs to nobody. */
import { LABELS, MANAGED_BY } from '../../contract/crd/meta.ts'
import { OWNED_KINDS, type OwnedKind } from '../../contract/crd/owned-kinds.ts'
import { deleteExactly } from '../../kubernetes/apply.ts'
import { isConflict, isNotFound } from '../../kubernetes/kube-error.ts'
import type { KubeObject } from '../../kubernetes/object.ts'
import { resourcePath } from '../../kubernetes/path.ts'
import { RESOURCES } from '../../kubernetes/resources.ts'
import { labelSelector } from '../../kubernetes/selector.ts'
import type { Transport } from '../../kubernetes/transport-types.ts'
import type { OwnedObject, OwnedRef } from './port.ts'

/** Whose values are of no matter here: what is read is metadata alone. */
const acceptOf = (list: 'List' | ''): string =>
  `application/json;as=PartialObjectMetadata${list};v=v1;g=meta.k8s.io`
const PAGE = 500
const OURS = labelSelector({ [LABELS.managedBy]: MANAGED_BY })

interface List {
  items: KubeObject[] | null
  metadata: { continue?: string }
}

/** All kinds, one after the other: a report need not be quick. @throws {KubeError} */
export async function listOwned(transport: Transport): Promise<OwnedObject[]> {
  const found: OwnedObject[] = []
  for (const kind of OWNED_KINDS) found.push(...(await listKind(transport, kind)))
  return found
}

/** @throws {KubeError} */
export async function findOwned(
  transport: Transport,
  { kind, namespace, name }: OwnedRef,
): Promise<OwnedObject | undefined> {
  const path = resourcePath({ ...RESOURCES[kind], ...(namespace === undefined ? {} : { namespace }), name })
  try {
    const object = await transport.request<KubeObject>({ method: 'GET', path, accept: acceptOf('') })
    const found = ownedOf(kind, object)
    return found.labels[LABELS.managedBy] === MANAGED_BY ? found : undefined
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

async function listKind(transport: Transport, kind: OwnedKind): Promise<OwnedObject[]> {
  const path = resourcePath(RESOURCES[kind])
  const found: OwnedObject[] = []
  let next: string | undefined
  do {
    const page: List = await transport
      .request<List>({
        method: 'GET',
        path,
        accept: acceptOf('List'),
        query: { labelSelector: OURS, limit: PAGE, continue: next },
      })
      .catch(noneIfUndefined)
    // An empty list of metadata comes with no items at all.
    found.push(...(page.items ?? []).map((object) => ownedOf(kind, object)))
    next = page.metadata.continue
  } while (next !== undefined && next !== '')
  return found
}

/** A cluster need not have every kind: External Secrets may be missing. */
function noneIfUndefined(error: unknown): List {
  if (!isNotFound(error)) throw error
  return { items: [], metadata: {} }
}

function ownedOf(kind: OwnedKind, { metadata }: KubeObject): OwnedObject {
  const { name, namespace, uid = '', resourceVersion = '', creationTimestamp = '', labels = {} } = metadata
  return {
    kind,
    namespace,
    name,
    uid,
    resourceVersion,
    createdAt: new Date(creationTimestamp),
    isTerminating: metadata.deletionTimestamp !== undefined,
    hasOwner: (metadata.ownerReferences ?? []).length > 0,
    labels,
  }
}

/** This very object in this very version. @throws {KubeError} */
export async function deleteOwned(
  transport: Transport,
  { kind, namespace, name, uid, resourceVersion }: OwnedObject,
): Promise<'deleting' | 'absent' | 'changed'> {
  const { apiVersion } = RESOURCES[kind]
  const metadata = { name, uid, resourceVersion, ...(namespace === undefined ? {} : { namespace }) }
  try {
    const isThere = await deleteExactly(transport, { live: { apiVersion, kind, metadata } })
    return isThere ? 'deleting' : 'absent'
  } catch (error) {
    if (isConflict(error)) return 'changed'
    throw error
  }
}
