/**
 * The sentence at a path such as `services.0.image` in the errors of a form. Errors that belong to a list as a
 * whole are kept by the form's library under `root`.
 */
export function errorAt(errors: object, path: string): string | undefined {
  let at: unknown = errors
  for (const step of path.split('.')) at = child(at, step)
  return messageOf(at) ?? messageOf(child(at, 'root'))
}

const child = (value: unknown, step: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined

function messageOf(value: unknown): string | undefined {
  const message = child(value, 'message')
  return typeof message === 'string' && message !== '' ? message : undefined
}

/** The first sentence among the errors of a list. */
export function firstErrorOf(errors: object, list: string): string | undefined {
  const at = child(errors, list)
  const each = Array.isArray(at) ? at.map(messageOf).find(Boolean) : undefined
  return errorAt(errors, list) ?? each
}
