import type { KubeObject } from './object.ts'

/**
 * What nobody here reads and what is often the largest part of an object. (What comes by a watch has no managed fields
 * any more, what a write is answered with has.) Changes the object it is given.
 */
export function dropBookkeeping<T extends KubeObject>(object: T): T {
  const { metadata } = object
  if (metadata.managedFields) delete metadata.managedFields
  const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'
  if (metadata.annotations?.[lastApplied] !== undefined) delete metadata.annotations[lastApplied]
  return object
}
