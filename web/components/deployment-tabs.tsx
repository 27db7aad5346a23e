import { Link } from 'react-router'

import { DEPLOYMENT_TABS, paths, type DeploymentTab } from '../lib/paths.ts'
import { cx } from '../ui/cx.ts'

const LABELS: Record<DeploymentTab, string> = {
  overview: 'Overview',
  logs: 'Logs',
  terminal: 'Terminal',
  activity: 'Activity',
  history: 'History',
  settings: 'Settings',
}

interface TabsProps {
  id: string
  current: DeploymentTab
  onPoint: (tab: DeploymentTab) => void
}

/** The parts of a deployment's page. They are links: each has its address and its place in the history. */
export function DeploymentTabs({ id, current, onPoint }: TabsProps) {
  return (
    <nav aria-label="Deployment" className="no-scrollbar mb-5 flex overflow-x-auto border-b border-line">
      {DEPLOYMENT_TABS.map((tab) => (
        <Link
          key={tab}
          to={paths.deployment(id, tab)}
          aria-current={tab === current ? 'page' : undefined}
          onPointerEnter={() => onPoint(tab)}
          className={cx(
            'relative mr-5 flex min-h-10 items-center -outline-offset-2',
            tab === current
              ? 'font-medium text-ink after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:rounded-full after:bg-accent'
              : 'text-muted hover:text-ink',
          )}
        >
          {LABELS[tab]}
        </Link>
      ))}
    </nav>
  )
}
