/**
 * The schema of a resource, asked once for each part that stays the same object. What is in a cluster in memory is
 * frozen and shared by its versions, so what a part was parsed to once it is parsed to again; real watches bring each
 * version as an object of its own. What is parsed is frozen too: whoever changes it is found out.
 */
import type { z } from 'zod'

import { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { freeze } from './memory-fields.ts'

/** From now on, for the rest of the process. */
export function parseOnce(): void {
  const { shape } = UserDeployment
  const [metadataOf, specOf, statusOf] = [once(shape.metadata), once(shape.spec), once(shape.status)]
  const [apiVersion, kind] = [shape.apiVersion.value, shape.kind.value]
  const wholly = UserDeployment.safeParse.bind(UserDeployment)
  UserDeployment.safeParse = (raw, context) => {
    const given = raw as Readonly<Record<keyof UserDeployment, unknown>>
    const metadata = metadataOf(given.metadata)
    const spec = specOf(given.spec)
    const status = given.status === undefined ? {} : { status: statusOf(given.status) }
    const isKnown = given.apiVersion === apiVersion && given.kind === kind && metadata && spec
    if (!isKnown || ('status' in status && !status.status)) return wholly(raw, context)
    return { success: true, data: { apiVersion, kind, metadata, spec, ...status } }
  }
}

/** @returns undefined for what is refused, or may still change */
function once<Schema extends z.ZodType>(schema: Schema): (given: unknown) => z.output<Schema> | undefined {
  const known = new WeakMap<object, z.output<Schema>>()
  return (given) => {
    if (typeof given !== 'object' || given === null || !Object.isFrozen(given)) return undefined
    const before = known.get(given)
    if (before !== undefined) return before
    const parsed = schema.safeParse(given)
    if (!parsed.success) return undefined
    freeze(parsed.data)
    known.set(given, parsed.data)
    return parsed.data
  }
}
