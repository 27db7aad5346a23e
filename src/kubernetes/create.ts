/**
 * Creating, and the ownership of fields that comes with it. A server-side apply that creates costs the API server half as
 * much again as a create, and it cannot say "only if there is none yet": it would write into whatever has the name.
 */
import { appliedMetadata, getObject, type ApplyRequest } from './apply.ts'
import type { KubeObject } from './object.ts'
import { resourcePath } from './path.ts'
import { resourceOf } from './resources.ts'
import type { Transport } from './transport-types.ts'

type CreateRequest<T extends KubeObject> = Pick<
  ApplyRequest<T>,
  'object' | 'fieldManager' | 'resource' | 'signal'
>

/**
 * @returns the object as it is stored now
 * @throws {KubeError} 409 with the reason `AlreadyExists`; 400 or 422 the object is wrong
 */
export async function createObject<T extends KubeObject>(
  transport: Pick<Transport, 'request'>,
  { object, fieldManager, resource = resourceOf(object), signal }: CreateRequest<T>,
): Promise<T> {
  const { namespace } = object.metadata
  return transport.request<T>({
    method: 'POST',
    path: resourcePath({ ...resource, ...(namespace === undefined ? {} : { namespace }) }),
    query: { fieldManager, fieldValidation: 'Strict' },
    body: { ...object, metadata: appliedMetadata(object.metadata) },
    ...(signal ? { signal } : {}),
  })
}

type ClaimRequest = Pick<ApplyRequest<KubeObject>, 'fieldManager' | 'resource' | 'signal'> & {
  /** As it was seen. */
  live: KubeObject
}

/**
 * What somebody created belongs to them as something *updated*, and an apply by the same manager takes back none of it:
 * fields that are not wanted any more would stay for ever. Before the first apply, what was created becomes applied
 * (https://kubernetes.io/docs/reference/using-api/server-side-apply/#migration-between-client-side-and-server-side-apply).
 *
 * @returns the version to apply to: that of `live`, or the one that this made of it
 * @throws {KubeError} 409 when it is not what was seen any more
 */
export async function claimCreated(
  transport: Pick<Transport, 'request'>,
  { live, fieldManager, resource = resourceOf(live), signal }: ClaimRequest,
): Promise<string | undefined> {
  const { name, namespace, uid, resourceVersion } = live.metadata
  const ref = { name, ...(namespace === undefined ? {} : { namespace }), ...(signal ? { signal } : {}) }
  const stored = await getObject<KubeObject>(transport, resource, ref)
  const at = createdAt(stored, fieldManager)
  // What has changed meanwhile is refused by the apply itself.
  if (at === undefined || stored?.metadata.uid !== uid) return resourceVersion
  const claimed = await transport.request<KubeObject>({
    method: 'PATCH',
    path: resourcePath({ ...resource, name, ...(namespace === undefined ? {} : { namespace }) }),
    query: { fieldManager },
    contentType: 'application/json-patch+json',
    body: [
      { op: 'replace', path: `/metadata/managedFields/${at}/operation`, value: 'Apply' },
      { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    ],
    ...(signal ? { signal } : {}),
  })
  return claimed.metadata.resourceVersion
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
interface ManagedFields {
  manager?: string
  operation?: string
  subresource?: string
}

/** Where the list says what the manager created; undefined once it was claimed. */
function createdAt(stored: KubeObject | undefined, fieldManager: string): number | undefined {
  const entries = (stored?.metadata.managedFields ?? []) as ManagedFields[]
  const ours = entries.filter(({ manager, subresource }) => manager === fieldManager && !subresource)
  const [created] = ours
  return ours.length === 1 && created?.operation === 'Update' ? entries.indexOf(created) : undefined
}
