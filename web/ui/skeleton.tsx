import { cx } from './cx.ts'

/** Holds the place of what is being loaded, in its size, so that nothing jumps. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cx('block animate-glimmer rounded-control bg-line/80', className ?? 'h-4 w-32')}
    />
  )
}
