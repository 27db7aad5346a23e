import { useState } from 'react'
import { Link, Outlet, useLocation } from 'react-router'

import { useMe } from '../api/session.tsx'
import { OrgCreateDialog } from '../forms/org-create.tsx'
import { useTitle } from '../lib/use-title.ts'
import { paths } from '../lib/paths.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Brand } from './brand.tsx'
import { UserButton } from './header-menus.tsx'

/** What stands around the pages of somebody who is in no team: those about organisations can be looked at. */
export function WithoutTeam() {
  const { pathname } = useLocation()
  return (
    <>
      <header className="border-b border-line bg-surface">
        <div className="mx-auto flex h-14 w-full max-w-6xl items-center gap-2.5 px-4 sm:px-6">
          <Link to={paths.deployments()} aria-label="Shipyard, to the beginning" className="rounded-control">
            <Brand />
          </Link>
          <span className="flex-1 text-base font-semibold tracking-tight">Shipyard</span>
          <UserButton />
        </div>
      </header>
      <main id="main" className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6 sm:py-8">
        {pathname.startsWith('/orgs/') ? <Outlet /> : <NoTeam />}
      </main>
    </>
  )
}

function NoTeam() {
  useTitle('No team')
  const { orgs } = useMe()
  const [isCreating, setCreating] = useState(false)
  return (
    <>
      <Notice
        tone="warn"
        title="You are in no team"
        action={<Button onClick={() => setCreating(true)}>Create an organisation</Button>}
      >
        <p>
          {orgs.length === 0
            ? 'Make an organisation of your own, or ask somebody to invite you to theirs.'
            : 'Ask an administrator of your organisation to take you into one, or make an organisation of your own.'}
        </p>
      </Notice>
      {orgs.length > 0 && (
        <ul aria-label="Organisations" className="mt-5 flex flex-wrap gap-2">
          {orgs.map(({ id, name }) => (
            <li key={id}>
              <Link to={paths.org(id, 'teams')} className={buttonClass()}>
                Teams of {name}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {isCreating && <OrgCreateDialog onClose={() => setCreating(false)} />}
    </>
  )
}
