import { ArrowLeft } from 'lucide-react'
import { lazy, Suspense, type ReactNode } from 'react'
import { Link, useParams } from 'react-router'

import type { TeamId } from '../../src/contract/ids.ts'
import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { describeError } from '../api/errors.ts'
import { asDeploymentId, SessionContext, sessionIn, useMe, useSession } from '../api/session.tsx'
import { ActivityTab } from '../components/activity-tab.tsx'
import { Age } from '../components/age.tsx'
import { Announcer } from '../components/announcer.tsx'
import { DeploymentActions } from '../components/deployment-actions.tsx'
import { DeploymentOverview } from '../components/deployment-overview.tsx'
import { Standing } from '../components/deployment-standing.tsx'
import { DeploymentTabs } from '../components/deployment-tabs.tsx'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { PageSkeleton } from '../components/page-skeleton.tsx'
import { Status } from '../components/status.tsx'
import { useDeployment } from '../components/use-deployment.ts'
import { DEPLOYMENT_TABS, paths, type DeploymentTab } from '../lib/paths.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { GonePage, NotFoundPage } from './not-found-page.tsx'

const loadLogs = () => import('../components/log-view.tsx')
const LogView = lazy(async () => ({ default: (await loadLogs()).LogView }))
const loadTerminal = () => import('../components/terminal-tab.tsx')
const TerminalTab = lazy(async () => ({ default: (await loadTerminal()).TerminalTab }))
const loadHistory = () => import('../components/history-tab.tsx')
const HistoryTab = lazy(async () => ({ default: (await loadHistory()).HistoryTab }))
const loadSettings = () => import('../components/deployment-settings.tsx')
const Settings = lazy(async () => ({ default: (await loadSettings()).DeploymentSettings }))

function preload(tab: DeploymentTab): void {
  const loads = {
    overview: undefined,
    logs: loadLogs,
    terminal: loadTerminal,
    activity: undefined,
    history: loadHistory,
    settings: loadSettings,
  }
  const load = loads[tab]
  void load?.().catch(() => undefined)
}

export default function DeploymentPage() {
  const { id: text, tab: segment = 'overview' } = useParams()
  const id = asDeploymentId(text)
  const tab = DEPLOYMENT_TABS.find((name) => name === segment)
  const deployment = useDeployment(id)
  if (!tab) return <NotFoundPage />
  const isGone = deployment.error !== null && describeError(deployment.error).status === 404
  if (isGone) return <GonePage wasGoing={deployment.data?.phase === 'Deleting'} />
  return (
    <>
      <Link
        to={paths.deployments()}
        className="mb-3 inline-flex items-center gap-1.5 rounded-control text-muted hover:text-ink"
      >
        <ArrowLeft aria-hidden="true" className="size-4" />
        Deployments
      </Link>
      {deployment.isPending && <PageSkeleton />}
      {deployment.error && (
        <FaultNotice
          error={deployment.error}
          title={deployment.data ? 'This page could not be brought up to date' : 'It could not be loaded'}
          onRetry={() => void deployment.refetch()}
          isRetrying={deployment.isFetching}
          className="mb-5"
        />
      )}
      {deployment.data && (
        <InItsTeam teamId={deployment.data.teamId}>
          <Loaded deployment={deployment.data} tab={tab} />
        </InItsTeam>
      )}
    </>
  )
}

/** What one may do here is a matter of the deployment's own team, which need not be the current one. */
function InItsTeam({ teamId, children }: { teamId: TeamId; children: ReactNode }) {
  const current = useSession()
  const session = sessionIn(useMe(), teamId) ?? current
  return <SessionContext value={session}>{children}</SessionContext>
}

/** Away from the overview only what must be mended is said in full: logs that one reads should keep their place. */
function Loaded({ deployment, tab }: { deployment: DeploymentView; tab: DeploymentTab }) {
  return (
    <>
      <PageHead
        title={deployment.displayName}
        badge={<Status deployment={deployment} />}
        actions={<DeploymentActions deployment={deployment} />}
      >
        <Facts deployment={deployment} />
      </PageHead>
      {(tab === 'overview' || deployment.phase === 'Error') && <Standing deployment={deployment} />}
      <DeploymentTabs id={deployment.id} current={tab} onPoint={preload} />
      <Suspense fallback={<Skeleton className="h-80 w-full rounded-card" />}>
        {tab === 'overview' && <DeploymentOverview deployment={deployment} />}
        {tab === 'logs' && <LogView id={deployment.id} name={deployment.name} />}
        {tab === 'terminal' && <TerminalTab key={deployment.id} deployment={deployment} />}
        {tab === 'activity' && <ActivityTab id={deployment.id} />}
        {tab === 'history' && <HistoryTab deployment={deployment} />}
        {tab === 'settings' && <Settings deployment={deployment} />}
      </Suspense>
      <Announcer deployments={[deployment]} />
    </>
  )
}

function Facts({ deployment }: { deployment: DeploymentView }) {
  const { template, owner, createdAt, revision, readyRevision } = deployment
  const runs =
    readyRevision !== null && readyRevision !== revision ? ` (${readyRevision} was ready last)` : ''
  return (
    <p className="text-muted">
      {template.displayName} · by {owner.name} · created <Age at={createdAt} /> ·{' '}
      <span className="whitespace-nowrap">revision {revision}</span>
      {runs}
    </p>
  )
}
