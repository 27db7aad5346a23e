import { useEffect, useState } from 'react'

import { nextBase, type Base } from './base-revision.ts'

interface BaseProps {
  /** The revision that is wanted now. */
  revision: number
  /** What it has of the part that the form saves. */
  own: unknown
  /** Something was typed that is not saved. */
  isDirty: boolean
  /** Puts what the present revision has into the form. */
  onNewer: () => void
}

/**
 * The revision that one has before one's eyes. What others change meanwhile comes in as long as nothing was
 * typed; after that saving is refused, and says so, if they changed the same part.
 */
export function useBaseRevision({ revision, own, isDirty, onNewer }: BaseProps): {
  revision: number
  /** After saving, with what was sent, or after giving up what was typed. */
  set: (revision: number, own: unknown) => void
} {
  const ownText = JSON.stringify(own)
  const [base, setBase] = useState<Base>({ revision, own: ownText })
  useEffect(() => {
    const next = nextBase(base, { revision, own: ownText }, isDirty)
    if (next === base) return
    if (!isDirty && next.own !== base.own) onNewer()
    setBase(next)
  }, [base, revision, ownText, isDirty, onNewer])
  return {
    revision: base.revision,
    set: (to, what) => setBase({ revision: to, own: JSON.stringify(what) }),
  }
}
