/** Pure: what a revision holds and what became of it, by the names that people gave. */
import type { AuditChanges } from '../access/audit.ts'
import { differences } from './compare-objects.ts'
import type { RevisionSpec } from './revision-spec.ts'

/**
 * What stands in lists under the name that it has, so that one which was added or taken out does not change all that
 * come after it.
 */
export function fieldsByName({ services, ingress, ...rest }: RevisionSpec): object {
  const keyed = services.map(({ name, env, configFiles, secrets, ...service }) => [
    name,
    {
      ...service,
      env: Object.fromEntries(env.map(({ name: variable, value }) => [variable, value])),
      configFiles: Object.fromEntries(configFiles.map(({ path, ...file }) => [path, file])),
      secrets: Object.fromEntries(secrets.map(({ path, ...use }) => [path, use])),
    },
  ])
  const headers = ingress?.responseHeaders.map(({ name, value }) => [name, value]) ?? []
  const way = ingress
    ? { ingress: { ...ingress, responseHeaders: Object.fromEntries(headers) as object } }
    : {}
  return { ...rest, ...way, services: Object.fromEntries(keyed) as object }
}

/** A row of the audit is read as a whole, and a configuration file may be long. */
const LONGEST_VALUE = 500

/** For the audit. Of a secret there is the version alone, for that is all that a revision has of it. */
export const changesOf = (before: RevisionSpec, after: RevisionSpec): AuditChanges =>
  Object.fromEntries(
    differences(fieldsByName(before), fieldsByName(after)).map((field) => [
      field.path,
      { from: shortened(field.before), to: shortened(field.after) },
    ]),
  )

function shortened(value: unknown): unknown {
  if (value === undefined) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (text.length <= LONGEST_VALUE) return value
  return `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)`.toWellFormed()
}
