/** Pure: what differs between the objects that are and those that would be. */
import { stringify } from 'yaml'

import type { renderUserDeployment } from '../../../operator/user-deployment/render.ts'
import type { PlannedObject } from './schema.ts'

/** An object as the operator makes it. */
export type Manifest = ReturnType<typeof renderUserDeployment>[number]

type Field = PlannedObject['fields'][number]

/** What would be made, in its order, then what would go. */
export function compareObjects(present: readonly Manifest[], wanted: readonly Manifest[]): PlannedObject[] {
  const before = new Map(present.map((object) => [slotOf(object), object]))
  const after = new Set(wanted.map(slotOf))
  return [
    ...wanted.map((object) => planned(object, before.get(slotOf(object)))),
    ...present.filter((object) => !after.has(slotOf(object))).map(removed),
  ]
}

const slotOf = ({ apiVersion, kind, metadata }: Manifest): string => `${apiVersion} ${kind} ${metadata.name}`

const shown = (object: Manifest) => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  name: object.metadata.name,
  manifest: stringify(object, { aliasDuplicateObjects: false }),
})

function planned(object: Manifest, present: Manifest | undefined): PlannedObject {
  if (!present) return { ...shown(object), action: 'create', fields: [] }
  const fields = differences(present, object)
  return { ...shown(object), action: fields.length === 0 ? 'keep' : 'change', fields }
}

const removed = (object: Manifest): PlannedObject => ({ ...shown(object), action: 'remove', fields: [] })

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** Leaves in which two values differ, by their path; something empty against something full is one difference. */
export function differences(before: unknown, after: unknown, path = ''): Field[] {
  if (before === after) return []
  const areLists = Array.isArray(before) && Array.isArray(after)
  const areAlike = isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after)
  if (!areAlike) return [{ path, before, after }]
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key) =>
    differences(before[key], after[key], areLists ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
  )
}
