import type { ReactNode } from 'react'

import { cx } from './cx.ts'

interface CardProps {
  title?: string
  /** Beside the title. */
  aside?: ReactNode
  /** One line below the title. */
  description?: ReactNode
  className?: string
  /** Content that reaches the edges: lists, tables, logs. */
  isFlush?: boolean
  children: ReactNode
}

/** A sheet with a heading. */
export function Card({ title, aside, description, className, isFlush = false, children }: CardProps) {
  return (
    <section className={cx('rounded-card border border-line bg-surface shadow-card', className)}>
      {title !== undefined && (
        <header
          className={cx(
            'flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2.5',
            isFlush && 'border-b border-line',
          )}
        >
          <div>
            <h2 className="text-sm font-semibold">{title}</h2>
            {description !== undefined && <p className="text-muted">{description}</p>}
          </div>
          {aside}
        </header>
      )}
      <div
        className={
          isFlush
            ? undefined
            : cx('px-4 pb-4', title === undefined ? 'pt-4' : description !== undefined && 'pt-1.5')
        }
      >
        {children}
      </div>
    </section>
  )
}
