/** Selectors, made of checked parts: a value from outside cannot add a requirement or drop one. */

declare const checked: unique symbol

/** The text of a label or field selector, made by {@link labelSelector} or {@link fieldSelector}. */
export type Selector = string & { readonly [checked]: true }

/** Stands for "has the label, whatever its value". */
export const ANY_VALUE = Symbol('any value')

const NAME = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)$/
const PREFIX = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/
const FIELD = /^[a-z][A-Za-z.]*$/
const FIELD_VALUE = /^[-A-Za-z0-9_./]*$/

/** Not a label, a label's value or a field. Untrusted: it is quoted and cut. */
export class UnsafeSelectorError extends Error {
  override readonly name = 'UnsafeSelectorError'

  constructor(what: string, text: string) {
    super(`${JSON.stringify(text.slice(0, 80))} cannot be a ${what} of a selector.`)
  }
}

function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/')
  const name = key.slice(slash + 1)
  const prefix = key.slice(0, Math.max(slash, 0))
  return (
    name.length <= 63 && NAME.test(name) && (slash === -1 || (prefix.length <= 253 && PREFIX.test(prefix)))
  )
}

/**
 * All of these labels.
 *
 * @throws {UnsafeSelectorError}
 */
export function labelSelector(labels: Readonly<Record<string, string | typeof ANY_VALUE>>): Selector {
  const requirements = Object.entries(labels).map(([key, value]) => {
    if (!isLabelKey(key)) throw new UnsafeSelectorError('label', key)
    if (value === ANY_VALUE) return key
    if (!VALUE.test(value)) throw new UnsafeSelectorError('value', value)
    return `${key}=${value}`
  })
  return requirements.join(',') as Selector
}

/**
 * All of these fields: `{'involvedObject.name': 'web'}`.
 *
 * @throws {UnsafeSelectorError}
 */
export function fieldSelector(fields: Readonly<Record<string, string>>): Selector {
  const requirements = Object.entries(fields).map(([key, value]) => {
    if (!FIELD.test(key)) throw new UnsafeSelectorError('field', key)
    if (!FIELD_VALUE.test(value)) throw new UnsafeSelectorError('value', value)
    return `${key}=${value}`
  })
  return requirements.join(',') as Selector
}

/** Whether labels fulfil a selector of {@link labelSelector}. */
export function matchesLabels(selector: Selector, labels: Readonly<Record<string, string>> = {}): boolean {
  if (selector === '') return true
  return selector.split(',').every((requirement) => {
    const equals = requirement.indexOf('=')
    if (equals === -1) return Object.hasOwn(labels, requirement)
    return labels[requirement.slice(0, equals)] === requirement.slice(equals + 1)
  })
}
