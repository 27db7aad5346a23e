import type { KubeObject } from './object.ts'

/** What nobody here reads and what is often the largest part of an object. Changes the object it is given. */
export function dropBookkeeping<T extends KubeObject>(object: T): T {
  const { metadata } = object
  delete metadata.managedFields
  delete metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']
  return object
}
