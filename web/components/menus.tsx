import { useMutation } from '@tanstack/react-query'
import {
  KeyRound,
  LogOut,
  Monitor,
  MonitorSmartphone,
  Moon,
  Plus,
  Settings,
  ShieldCheck,
  Sun,
  Users,
} from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'

import { describeError } from '../api/errors.ts'
import { useMe, useSession } from '../api/session.tsx'
import { signOut } from '../api/sign-in.ts'
import { trpc } from '../api/trpc.ts'
import { paths } from '../lib/paths.ts'
import { setTheme, THEMES, useTheme } from '../lib/theme.ts'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'
import { showToast } from '../ui/toast.tsx'

const OrgCreateDialog = lazy(async () => ({
  default: (await import('../forms/org-create.tsx')).OrgCreateDialog,
}))

const THEME_LABELS = { system: 'As the system', light: 'Light', dark: 'Dark' } as const
const THEME_ICONS = { system: <Monitor />, light: <Sun />, dark: <Moon /> } as const

export function UserMenu({ trigger }: { trigger: ReactNode }) {
  const { user } = useMe()
  const theme = useTheme()
  const navigate = useNavigate()
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => location.assign(paths.signIn()),
    onError: (error) =>
      showToast({ tone: 'bad', title: 'You are still signed in', detail: describeError(error).sentence }),
  })
  return (
    <Menu trigger={trigger} label="Account" isOpenAtFirst>
      <div className="px-2.5 py-1.5">
        <p className="truncate font-medium">{user.name}</p>
        <p className="truncate text-muted">{user.email}</p>
      </div>
      <MenuLine />
      <MenuChoice
        label="Theme"
        value={theme}
        options={THEMES.map((value) => ({ value, label: THEME_LABELS[value], icon: THEME_ICONS[value] }))}
        onChange={(value) => setTheme(value as (typeof THEMES)[number])}
      />
      <MenuLine />
      <MenuItem icon={<MonitorSmartphone />} onSelect={() => void navigate(paths.sessions())}>
        Your sessions
      </MenuItem>
      <MenuItem icon={<KeyRound />} onSelect={() => void navigate(paths.ownApiKeys())}>
        Your API keys
      </MenuItem>
      <MenuItem icon={<ShieldCheck />} onSelect={() => void navigate(paths.permissions())}>
        Who may do what
      </MenuItem>
      <MenuItem icon={<LogOut />} isDisabled={leave.isPending} onSelect={() => leave.mutate()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}

export function TeamMenu({ trigger }: { trigger: ReactNode }) {
  const { teams, team, org } = useSession()
  const navigate = useNavigate()
  const [isCreating, setCreating] = useState(false)
  const utils = trpc.useUtils()
  const setCurrent = trpc.teams.setCurrent.useMutation({
    onSuccess: () => utils.auth.me.invalidate(),
    onError: (error) =>
      showToast({ tone: 'bad', title: 'The team was not changed', detail: describeError(error).sentence }),
  })
  const choose = (id: string) => {
    const chosen = teams.find((each) => each.team.id === id)
    if (chosen) setCurrent.mutate({ teamId: chosen.team.id })
  }
  return (
    <>
      <Menu trigger={trigger} label="Teams" isOpenAtFirst>
        <MenuChoice
          label="Team"
          value={team.id}
          options={teams.map((each) => ({
            value: each.team.id,
            label: `${each.org.name} / ${each.team.name}`,
          }))}
          onChange={choose}
        />
        <MenuLine />
        <MenuItem icon={<Settings />} onSelect={() => void navigate(paths.org(org.id))}>
          <span className="min-w-0 truncate">Settings of {org.name}</span>
        </MenuItem>
        <MenuItem icon={<Users />} onSelect={() => void navigate(paths.org(org.id, 'members'))}>
          Members and invitations
        </MenuItem>
        <MenuItem icon={<Plus />} onSelect={() => setCreating(true)}>
          Create an organisation
        </MenuItem>
      </Menu>
      {isCreating && (
        <Suspense>
          <OrgCreateDialog onClose={() => setCreating(false)} />
        </Suspense>
      )}
    </>
  )
}
