import { Outlet } from 'react-router'

import { useServerConfig } from '../api/server-config.ts'
import { useSession } from '../api/session.tsx'
import { paths, type OrgPage } from '../lib/paths.ts'
import { Badge } from '../ui/badge.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageTabs } from './page-tabs.tsx'
import { ORG_ROLE_NAMES } from './role-names.ts'
import { useOrg } from './use-org.ts'

/** The pages about an organisation, in the order in which they are offered. */
const PAGES: readonly { page: OrgPage; label: string }[] = [
  { page: 'settings', label: 'General' },
  { page: 'members', label: 'Members' },
  { page: 'teams', label: 'Teams' },
  { page: 'invitations', label: 'Invitations' },
  { page: 'api-keys', label: 'API keys' },
  { page: 'audit', label: 'Audit' },
  { page: 'usage', label: 'Usage' },
  { page: 'billing', label: 'Billing' },
]

/** What stands around each of them: which organisation it is, what one is there, and the way to the others. */
export function SettingsFrame() {
  const { org } = useOrg()
  // Of the one that one is in, every page says it.
  const current = useSession().org
  const config = useServerConfig()
  // Who does not pay sees nothing of it.
  const isPaying = config.data?.billing === true && org.role === 'org_owner'
  const pages = PAGES.filter(({ page }) => page !== 'billing' || isPaying)
  return (
    <>
      <div className="mb-3 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
        <p className="text-xl font-semibold tracking-tight wrap-anywhere">{org.name}</p>
        <Badge>{ORG_ROLE_NAMES[org.role]}</Badge>
        {org.isSuspended && <Badge tone="warn">Suspended</Badge>}
      </div>
      <PageTabs
        label="Organisation"
        tabs={pages.map(({ page, label }) => ({ to: paths.org(org.id, page), label }))}
      />
      {org.isSuspended && org.id !== current.id && (
        <Notice tone="warn" className="mb-5" title="This organisation is suspended">
          <p>It may read, pay and delete. Nothing of it runs meanwhile.</p>
        </Notice>
      )}
      <Outlet />
    </>
  )
}
