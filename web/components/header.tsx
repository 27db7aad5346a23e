import { NavLink, Link } from 'react-router'

import { useSession } from '../api/session.tsx'
import { paths } from '../lib/paths.ts'
import { preloadPage, type PageName } from '../lib/pages.ts'
import { cx } from '../ui/cx.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { Brand } from './brand.tsx'
import { TeamSwitch, UserButton } from './header-menus.tsx'

const NAVIGATION = [
  { to: paths.deployments(), label: 'Deployments', page: undefined, also: '/deployments' },
  { to: paths.templates(), label: 'Templates', page: 'templates', also: '/templates' },
] as const
/** For who runs the installation. */
const ADMINISTRATION = { to: paths.admin(), label: 'Administration', page: 'admin', also: '/admin' } as const

const BAR = 'mx-auto flex w-full max-w-6xl px-4 sm:px-6'

export function Header() {
  const { org, team, user } = useSession()
  const tabs = user.isPlatformAdmin ? [...NAVIGATION, ADMINISTRATION] : NAVIGATION
  return (
    <header className="border-b border-line bg-surface">
      <div className={cx(BAR, 'h-14 items-center gap-2')}>
        <Link
          to={paths.deployments()}
          aria-label="Shipyard, to the deployments"
          className="flex items-center gap-2.5 rounded-control"
        >
          <Brand />
          <span className="hidden text-base font-semibold tracking-tight sm:inline">Shipyard</span>
        </Link>
        <span aria-hidden="true" className="mx-1 h-5 w-px rotate-12 bg-line-strong" />
        <TeamSwitch org={org} team={team} />
        <div className="flex-1" />
        <UserButton />
      </div>
      <nav aria-label="Main" className={BAR}>
        <div className="no-scrollbar -mx-2.5 flex gap-1 overflow-x-auto">
          {tabs.map(({ to, label, page, also }) => (
            <NavTab key={to} to={to} also={also} label={label} page={page} />
          ))}
        </div>
      </nav>
    </header>
  )
}

interface NavTabProps {
  to: string
  /** Addresses below this belong to it too. */
  also: string
  label: string
  /** Whose code is not here yet. */
  page: PageName | undefined
}

function NavTab({ to, also, label, page }: NavTabProps) {
  const preload = () => page && preloadPage(page)
  return (
    <NavLink to={to} end onPointerEnter={preload} onFocus={preload} className="group rounded-control pb-1.5">
      {({ isActive }) => {
        const isHere = isActive || location.pathname.startsWith(also)
        return (
          <span
            className={cx(
              'control-height relative flex items-center rounded-control px-2.5 group-hover:bg-hover',
              isHere
                ? 'font-medium text-ink after:absolute after:inset-x-2.5 after:-bottom-1.5 after:h-0.5 after:rounded-full after:bg-accent'
                : 'text-muted group-hover:text-ink',
            )}
          >
            {label}
          </span>
        )
      }}
    </NavLink>
  )
}

/** The bar before it is known who looks at it, in its full height. */
export function HeaderSkeleton() {
  return (
    <header className="border-b border-line bg-surface">
      <div className={cx(BAR, 'h-14 items-center gap-2.5')}>
        <Brand />
        <span className="hidden text-base font-semibold tracking-tight sm:inline">Shipyard</span>
        <Skeleton className="ml-3 h-4 w-40" />
      </div>
      <div className={cx(BAR, 'gap-5 pb-1.5')}>
        <span className="control-height flex items-center">
          <Skeleton className="h-4 w-40" />
        </span>
      </div>
    </header>
  )
}
