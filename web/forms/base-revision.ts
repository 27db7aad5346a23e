/** On which revision of a deployment the form of one of its parts stands: pure. */

export interface Base {
  readonly revision: number
  /** What that revision has of the part that the form saves, as JSON. */
  readonly own: string
}

/**
 * The base once a page has heard of `present`. What was typed into a form stands as well on a newer revision that
 * left the form's own part alone. Where somebody changed that part the base stays, so that saving is refused.
 */
export function nextBase(base: Base, present: Base, isDirty: boolean): Base {
  // Of what was just saved the page has not heard yet.
  if (present.revision < base.revision) return base
  if (present.revision === base.revision) return present.own === base.own ? base : present
  return isDirty && present.own !== base.own ? base : present
}
