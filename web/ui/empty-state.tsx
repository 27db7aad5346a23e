import type { ReactNode } from 'react'

interface EmptyStateProps {
  icon: ReactNode
  title: string
  /** It is all that the page says, so its title is the page's. */
  isPage?: boolean
  children?: ReactNode
  action?: ReactNode
}

/** Nothing is here yet: why, and what to do. */
export function EmptyState({ icon, title, isPage = false, children, action }: EmptyStateProps) {
  const Heading = isPage ? 'h1' : 'h2'
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-14 text-center">
      <span
        aria-hidden="true"
        className="grid size-11 place-items-center rounded-full bg-accent-tint text-accent [&>svg]:size-5"
      >
        {icon}
      </span>
      <div className="max-w-sm space-y-1">
        <Heading className="text-base font-semibold">{title}</Heading>
        {children !== undefined && <div className="text-muted">{children}</div>}
      </div>
      {action}
    </div>
  )
}
