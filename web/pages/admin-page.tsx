import { Outlet } from 'react-router'

import { useSession } from '../api/session.tsx'
import { PageTabs } from '../components/page-tabs.tsx'
import { paths } from '../lib/paths.ts'
import { NotFoundPage } from './not-found-page.tsx'

const TABS = [
  { to: paths.admin(), label: 'Organisations', page: 'admin-orgs' },
  { to: paths.admin('sessions'), label: 'Sessions', page: 'admin-sessions' },
  { to: paths.admin('garbage'), label: 'Garbage report', page: 'garbage' },
  { to: paths.admin('stripe'), label: 'Stripe inbox', page: 'stripe-inbox' },
  { to: paths.admin('compare'), label: 'Money and resources', page: 'compare' },
] as const

/** The pages of who runs the installation; to others there are none, as the server says too. */
export default function AdminPage() {
  const { user } = useSession()
  if (!user.isPlatformAdmin) return <NotFoundPage />
  return (
    <>
      <PageTabs label="Administration" tabs={TABS} />
      <Outlet />
    </>
  )
}
