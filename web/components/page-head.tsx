import type { ReactNode } from 'react'

import { useTitle } from '../lib/use-title.ts'

interface PageHeadProps {
  title: string
  /** Beside the title. */
  badge?: ReactNode
  /** Below the title. */
  children?: ReactNode
  actions?: ReactNode
}

/** The head of a page, and its name in the tab. */
export function PageHead({ title, badge, children, actions }: PageHeadProps) {
  useTitle(title)
  return (
    <div className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 space-y-1">
        <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-xl font-semibold tracking-tight wrap-anywhere">{title}</h1>
          {badge}
        </div>
        {children}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  )
}
