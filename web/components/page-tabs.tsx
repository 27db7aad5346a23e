import { useEffect, useRef } from 'react'
import { NavLink, useLocation } from 'react-router'

import { preloadPage, type PageName } from '../lib/pages.ts'
import { cx } from '../ui/cx.ts'

interface PageTab {
  to: string
  label: string
  /** Whose code is fetched when the pointer is on the tab. */
  page?: PageName
}

/** The way between pages that belong together. Where there is no room for all, they are moved by a finger. */
export function PageTabs({ label, tabs }: { label: string; tabs: readonly PageTab[] }) {
  const bar = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  // On a phone the one that is open may be beyond the edge.
  useEffect(() => {
    const open = bar.current?.querySelector('[aria-current=page]')
    open?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [pathname])
  return (
    <nav ref={bar} aria-label={label} className="no-scrollbar mb-6 flex overflow-x-auto border-b border-line">
      {tabs.map(({ to, label: word, page }) => (
        <NavLink
          key={to}
          to={to}
          onPointerEnter={() => page && preloadPage(page)}
          className={({ isActive }) =>
            cx(
              'relative mr-5 flex min-h-10 items-center -outline-offset-2 whitespace-nowrap',
              isActive
                ? 'font-medium text-ink after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:rounded-full after:bg-accent'
                : 'text-muted hover:text-ink',
            )
          }
        >
          {word}
        </NavLink>
      ))}
    </nav>
  )
}
