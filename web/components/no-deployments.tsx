import { Rocket, SearchX } from 'lucide-react'
import { Link } from 'react-router'

import { useSession } from '../api/session.tsx'
import { paths } from '../lib/paths.ts'
import { preloadPage } from '../lib/pages.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { orgHindrance } from './org-hindrance.ts'

/** A team that has none yet. */
export function NoDeployments({ mayCreate }: { mayCreate: boolean }) {
  const { org } = useSession()
  return (
    <Card isFlush>
      <EmptyState
        icon={<Rocket />}
        title="Nothing runs here yet"
        action={
          mayCreate && (
            <Link
              to={paths.templates()}
              onPointerEnter={() => preloadPage('templates')}
              className={buttonClass('primary')}
            >
              Choose a template
            </Link>
          )
        }
      >
        {mayCreate
          ? 'Pick a template, answer its questions, and it runs at an address of its own.'
          : (orgHindrance(org, 'deployment:create') ??
            'Your role in this team is to look on. A developer of the team can deploy something.')}
      </EmptyState>
    </Card>
  )
}

/** A filter that leaves none. */
export function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <Card isFlush>
      <EmptyState
        icon={<SearchX />}
        title="No deployment fits"
        action={<Button onClick={onClear}>Show all</Button>}
      >
        None of this team has that name, status and owner.
      </EmptyState>
    </Card>
  )
}
