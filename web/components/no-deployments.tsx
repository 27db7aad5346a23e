import { Rocket, SearchX } from 'lucide-react'
import { Link } from 'react-router'

import { paths } from '../lib/paths.ts'
import { preloadPage } from '../lib/pages.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

/** A team that has none yet. */
export function NoDeployments({ mayCreate }: { mayCreate: boolean }) {
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
          : 'Your role in this team is to look on. A developer of the team can deploy something.'}
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
