import type { Quota } from '../../src/modules/access/schema.ts'
import { leftOf } from '../../src/contract/tiers.ts'
import { count } from '../lib/format.ts'
import { cx } from '../ui/cx.ts'

interface QuotaMeterProps {
  quota: Quota
  /** As in "1 deployment". */
  what: string
}

/** How much of a limit is taken: the numbers before the click. */
export function QuotaMeter({ quota: { used, limit }, what }: QuotaMeterProps) {
  if (limit === null) {
    return <p className="figures text-muted">{count(used, what)} so far, without a limit.</p>
  }
  // What a plan lacks is not used up.
  if (limit === 0 && used === 0) return <p className="text-muted">No {what}s in this plan.</p>
  const left = leftOf(limit, used)
  const share = limit === 0 ? 1 : Math.min(1, used / limit)
  return (
    <div className="space-y-1.5">
      <p className="figures flex justify-between gap-2">
        <span>
          {used} of {count(limit, what)} used
        </span>
        <span className={left === 0 ? 'font-medium text-bad' : 'text-muted'}>{left} left</span>
      </p>
      <svg
        aria-hidden="true"
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        className="h-1.5 w-full rounded-full"
      >
        <rect width="100" height="6" className="fill-line" />
        <rect
          width={share * 100}
          height="6"
          className={cx(left === 0 ? 'fill-bad-dot' : 'fill-accent-solid')}
        />
      </svg>
    </div>
  )
}
