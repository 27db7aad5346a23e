import { numberAt, textAt, type Form } from './form.ts'
import type { State } from './state.ts'

export interface Asked {
  readonly state: State
  readonly form: Form
  /** What the path names. */
  readonly id: string
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Its first group is the id. */
  readonly path: RegExp
  answer(asked: Asked): object
}

/** A page of a list, newest first, after `starting_after`. Source: https://docs.stripe.com/api/pagination */
export function pageOf(oldestFirst: readonly { readonly id: string }[], form: Form, url: string): object {
  const rows = oldestFirst.toReversed()
  const after = textAt(form, 'starting_after')
  const from = after === undefined ? 0 : rows.findIndex(({ id }) => id === after) + 1
  const limit = numberAt(form, 'limit') ?? 10
  const data = rows.slice(from, from + limit)
  return { object: 'list', data, has_more: from + limit < rows.length, url }
}
