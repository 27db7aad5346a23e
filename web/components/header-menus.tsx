/** The two menus of the bar. Their code is heavy and seldom used: it is fetched when a hand moves towards it. */
import { ChevronsUpDown } from 'lucide-react'
import { lazy, Suspense, useState, type ButtonHTMLAttributes, type ReactNode, type Ref } from 'react'

import { useMe } from '../api/session.tsx'
import type { MyOrg, MyTeam } from '../../src/modules/access/schema.ts'
import { initialsOf } from '../lib/initial.ts'
import { cx } from '../ui/cx.ts'

const loadMenus = () => import('./menus.tsx')
const TeamMenu = lazy(async () => ({ default: (await loadMenus()).TeamMenu }))
const UserMenu = lazy(async () => ({ default: (await loadMenus()).UserMenu }))

interface LaterProps {
  button: (properties: ButtonHTMLAttributes<HTMLButtonElement>) => ReactNode
  menu: ReactNode
}

/** A button until it is pressed, then the button with its menu. */
function MenuLater({ button, menu }: LaterProps) {
  const [isWanted, setWanted] = useState(false)
  const prepare = () => void loadMenus().catch(() => undefined)
  if (isWanted) return <Suspense fallback={button({ 'aria-busy': true })}>{menu}</Suspense>
  return button({ onPointerEnter: prepare, onFocus: prepare, onClick: () => setWanted(true) })
}

interface TriggerProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  ref?: Ref<HTMLButtonElement>
}

const TRIGGER = 'control-height flex min-w-0 items-center rounded-control outline-offset-1 hover:bg-hover'

function TeamButton({ org, team, ...rest }: TriggerProps & { org: MyOrg; team: MyTeam }) {
  return (
    <button type="button" aria-haspopup="menu" {...rest} className={cx(TRIGGER, 'gap-1.5 px-2')}>
      <TeamName org={org} team={team} />
      <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
    </button>
  )
}

function TeamName({ org, team }: { org: MyOrg; team: MyTeam }) {
  return (
    <span className="flex min-w-0 items-baseline gap-1.5">
      <span className="truncate font-medium">{org.name}</span>
      <span aria-hidden="true" className="text-line-strong">
        /
      </span>
      <span className="truncate text-muted">{team.name}</span>
    </span>
  )
}

/** Where one is, and where else one could be. */
export function TeamSwitch({ org, team }: { org: MyOrg; team: MyTeam }) {
  const button = (rest: TriggerProps) => <TeamButton org={org} team={team} {...rest} />
  return <MenuLater button={button} menu={<TeamMenu trigger={button({})} />} />
}

export function UserButton() {
  const { user } = useMe()
  const button = (rest: TriggerProps) => (
    <button
      type="button"
      aria-haspopup="menu"
      aria-label={`Account of ${user.name}`}
      {...rest}
      className={cx(TRIGGER, 'rounded-full p-0.5')}
    >
      <span
        aria-hidden="true"
        data-initials={initialsOf(user.name)}
        className="grid size-8 place-items-center rounded-full bg-accent-tint text-xs font-semibold text-accent before:content-[attr(data-initials)]"
      />
    </button>
  )
  return <MenuLater button={button} menu={<UserMenu trigger={button({})} />} />
}
