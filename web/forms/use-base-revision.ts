import { useEffect, useState } from 'react'

interface BaseProps {
  /** The revision that is wanted now. */
  present: number
  /** Something was typed that is not saved. */
  isDirty: boolean
  /** Puts what the present revision has into the form. */
  onNewer: () => void
}

/**
 * The revision that one has before one's eyes. What others change meanwhile comes in as long as nothing was
 * typed; after that saving is refused, and says so.
 */
export function useBaseRevision({ present, isDirty, onNewer }: BaseProps): {
  revision: number
  set: (revision: number) => void
} {
  const [revision, set] = useState(present)
  useEffect(() => {
    if (isDirty || present <= revision) return
    onNewer()
    set(present)
  }, [isDirty, present, revision, onNewer])
  return { revision, set }
}
