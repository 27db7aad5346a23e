import { useNow } from '../lib/clock.ts'
import { formatAge, formatInstant } from '../lib/format.ts'

/** How long ago; the instant in full when one points at it. */
export function Age({ at }: { at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={formatInstant(at)} className="figures whitespace-nowrap">
      {formatAge(at, now)}
    </time>
  )
}
