/** Reads and writes of single objects. Writes say whose they are, and which version they are meant for. */
import { isNotFound, KubeError } from './kube-error.ts'
import type { KubeObject, ObjectMeta, ObjectRef } from './object.ts'
import { resourcePath, type KubePath, type Subresource } from './path.ts'
import { resourceOf, type Resource } from './resources.ts'
import type { Transport } from './transport-types.ts'
import { yamlSafeJson } from '../contract/yaml-safe-json.ts'

/** @returns `undefined` when there is no such object @throws {KubeError} */
export async function getObject<T extends KubeObject>(
  transport: Pick<Transport, 'request'>,
  resource: Resource,
  { name, namespace, signal }: ObjectRef & { signal?: AbortSignal },
): Promise<T | undefined> {
  const path = resourcePath({ ...resource, name, ...(namespace === undefined ? {} : { namespace }) })
  try {
    return await transport.request<T>({ method: 'GET', path, ...(signal ? { signal } : {}) })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

export interface ApplyRequest<T extends KubeObject> {
  /** All fields that we want, and no others: what we applied earlier and is not here is removed. */
  object: T
  /** Who we are to the API server: it keeps a list of owners for every field. */
  fieldManager: string
  /** Take fields that others own. Without it such a conflict is a 409. */
  force?: boolean
  /** `status`: that subresource alone. */
  subresource?: Extract<Subresource, 'status'>
  /** Only if the object is still this one, in this version: a 409 otherwise. */
  onlyIf?: Pick<ObjectMeta, 'uid' | 'resourceVersion'>
  /** Everything is checked and nothing is kept. */
  dryRun?: boolean
  /** Where it is served; by the table of resources when absent. */
  resource?: Resource
  signal?: AbortSignal
}

/**
 * Server-side apply: creates the object or changes our fields of it.
 *
 * @returns the object as it is stored now
 * @throws {KubeError} 409 a field is owned by another, or `onlyIf` does not hold; 400 or 422 the object is wrong
 */
export async function serverSideApply<T extends KubeObject>(
  transport: Pick<Transport, 'request'>,
  request: ApplyRequest<T>,
): Promise<T> {
  const { object, fieldManager, force, dryRun, subresource, signal } = request
  const resource = request.resource ?? resourceOf(object)
  const applied = transport.request<T>({
    method: 'PATCH',
    path: pathOf(resource, object.metadata, subresource),
    query: {
      fieldManager,
      force: force ? true : undefined,
      dryRun: dryRun ? 'All' : undefined,
      // A misspelt field is an error here and not a wish that is silently dropped.
      fieldValidation: 'Strict',
    },
    contentType: 'application/apply-patch+yaml',
    body: yamlSafeJson({
      ...object,
      metadata: { ...appliedMetadata(object.metadata), ...request.onlyIf },
    }),
    ...(signal ? { signal } : {}),
  })
  return applied.catch((error: unknown) => {
    throw isOtherUid(error) ? replaced(error) : error
  })
}

/** The API server calls a uid that is not the stored one an invalid change of it; to us it is a namesake. */
function isOtherUid(error: unknown): error is KubeError {
  if (!(error instanceof KubeError) || error.status !== 422) return false
  return error.details.causes?.some(({ field }) => field === 'metadata.uid') ?? false
}

function replaced({ message, details }: KubeError): KubeError {
  return new KubeError({ status: 409, reason: 'Conflict', message, details })
}

function pathOf(resource: Resource, { name, namespace }: ObjectRef, subresource?: Subresource): KubePath {
  return resourcePath({
    ...resource,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(subresource === undefined ? {} : { subresource }),
  })
}

/** What a writer may say about an object; the rest is the API server's. */
export function appliedMetadata(metadata: ObjectMeta): ObjectMeta {
  const { name, namespace, labels, annotations, ownerReferences, finalizers } = metadata
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(finalizers === undefined ? {} : { finalizers }),
  }
}

export interface DeleteRequest {
  /** As it was seen: exactly this object, in exactly this version, is deleted, and no later one of its name. */
  live: KubeObject
  resource?: Resource
  /** `Foreground` waits for the dependents. Default `Background`. */
  propagation?: 'Background' | 'Foreground' | 'Orphan'
  signal?: AbortSignal
}

/**
 * @returns false when it was gone already
 * @throws {KubeError} 409 when it is not the object, or not the version, that was seen
 * @throws {RangeError} `live` was never read from the API server: it has no uid or version
 */
export async function deleteExactly(
  transport: Pick<Transport, 'request'>,
  { live, resource = resourceOf(live), propagation = 'Background', signal }: DeleteRequest,
): Promise<boolean> {
  const { uid, resourceVersion } = live.metadata
  if (uid === undefined || resourceVersion === undefined) {
    throw new RangeError(`${live.kind} ${live.metadata.name} cannot be deleted exactly: it was never read.`)
  }
  try {
    await transport.request({
      method: 'DELETE',
      path: pathOf(resource, live.metadata),
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        preconditions: { uid, resourceVersion },
        propagationPolicy: propagation,
      },
      ...(signal ? { signal } : {}),
    })
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}
