/**
 * Which page stands at which address; lib/paths.ts writes the addresses. The list, for which most come, is there at
 * once; the code of the others is loaded when they are looked at.
 */
import { Suspense, type ComponentType } from 'react'
import { Navigate, Route, Routes, useLocation } from 'react-router'

import { useSession } from './api/session.tsx'
import { Boundary } from './components/boundary.tsx'
import { Frame } from './components/frame.tsx'
import { PageSkeleton } from './components/page-skeleton.tsx'
import { lazyPage } from './lib/pages.ts'
import { paths } from './lib/paths.ts'
import DeploymentsPage from './pages/deployments-page.tsx'
import { NotFoundPage } from './pages/not-found-page.tsx'

const SignIn = lazyPage('sign-in', () => import('./pages/sign-in-page.tsx'))
const Deployment = lazyPage('deployment', () => import('./pages/deployment-page.tsx'))
const Templates = lazyPage('templates', () => import('./pages/templates-page.tsx'))
const Admin = lazyPage('admin', () => import('./pages/admin-page.tsx'))
const AdminOrgs = lazyPage('admin-orgs', () => import('./pages/admin-orgs-page.tsx'))
const AdminSessions = lazyPage('admin-sessions', () => import('./pages/admin-sessions-page.tsx'))
const Garbage = lazyPage('garbage', () => import('./pages/garbage-page.tsx'))
const StripeInbox = lazyPage('stripe-inbox', () => import('./pages/stripe-inbox-page.tsx'))
const ApiKeys = lazyPage('api-keys', () => import('./pages/api-keys-page.tsx'))
const OwnApiKeys = lazyPage('own-api-keys', () => import('./pages/own-api-keys-page.tsx'))
const Audit = lazyPage('audit', () => import('./pages/audit-page.tsx'))
const Permissions = lazyPage('permissions', () => import('./pages/permissions-page.tsx'))
const Sessions = lazyPage('sessions', () => import('./pages/sessions-page.tsx'))
const Invite = lazyPage('invite', () => import('./pages/invite-page.tsx'))
const Org = lazyPage('org', () => import('./pages/org-page.tsx'))
const OrgSettings = lazyPage('org-settings', () => import('./pages/org-settings-page.tsx'))
const OrgMembers = lazyPage('org-members', () => import('./pages/org-members-page.tsx'))
const OrgTeams = lazyPage('org-teams', () => import('./pages/org-teams-page.tsx'))
const OrgInvitations = lazyPage('org-invitations', () => import('./pages/org-invitations-page.tsx'))
const Team = lazyPage('team', () => import('./pages/team-page.tsx'))
const Compare = lazyPage('compare', () => import('./pages/compare-page.tsx'))
const Usage = lazyPage('usage', () => import('./pages/usage-page.tsx'))
const Billing = lazyPage('billing', () => import('./pages/billing-page.tsx'))
const TierSelect = lazyPage('tier-select', () => import('./pages/tier-select-page.tsx'))
const Deploy = lazyPage('deploy', () => import('./pages/deploy-page.tsx'))

/** A page that breaks, or is on its way, leaves what stands around it. */
function held(Page: ComponentType) {
  return <Held Page={Page} />
}

function Held({ Page }: { Page: ComponentType }) {
  const { pathname } = useLocation()
  return (
    <Boundary place={pathname}>
      <Suspense fallback={<PageSkeleton />}>
        <Page />
      </Suspense>
    </Boundary>
  )
}

/** The address that people are told; the page is one about an organisation. */
function ToBilling() {
  const { org } = useSession()
  const { search } = useLocation()
  return <Navigate to={`${paths.org(org.id, 'billing')}${search}`} replace />
}

export function Pages() {
  return (
    <Routes>
      <Route path="sign-in" element={held(SignIn)} />
      <Route path="invite" element={held(Invite)} />
      <Route element={<Frame />}>
        <Route index element={held(DeploymentsPage)} />
        <Route path="dashboard" element={<Navigate to={paths.deployments()} replace />} />
        <Route path="deployments/:id/:tab?" element={held(Deployment)} />
        <Route path="templates" element={held(Templates)} />
        <Route path="templates/:templateId/deploy" element={held(Deploy)} />
        <Route path="account/sessions" element={held(Sessions)} />
        <Route path="orgs/:orgId" element={held(Org)}>
          <Route index element={<Navigate to="settings" replace />} />
          <Route path="settings" element={held(OrgSettings)} />
          <Route path="members" element={held(OrgMembers)} />
          <Route path="teams" element={held(OrgTeams)} />
          <Route path="teams/:teamId" element={held(Team)} />
          <Route path="invitations" element={held(OrgInvitations)} />
          <Route path="api-keys" element={held(ApiKeys)} />
          <Route path="audit" element={held(Audit)} />
          <Route path="usage" element={held(Usage)} />
          <Route path="billing" element={held(Billing)} />
        </Route>
        <Route path="tier/select" element={held(TierSelect)} />
        <Route path="billing" element={<ToBilling />} />
        <Route path="admin" element={held(Admin)}>
          <Route index element={<Navigate to="orgs" replace />} />
          <Route path="orgs" element={held(AdminOrgs)} />
          <Route path="sessions" element={held(AdminSessions)} />
          <Route path="garbage" element={held(Garbage)} />
          <Route path="stripe" element={held(StripeInbox)} />
          <Route path="compare" element={held(Compare)} />
        </Route>
        <Route path="account/api-keys" element={held(OwnApiKeys)} />
        <Route path="permissions" element={held(Permissions)} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  )
}
