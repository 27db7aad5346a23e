import { Link } from 'react-router'

import type { TemplateSummary } from '../../src/modules/templates/schema.ts'
import { paths } from '../lib/paths.ts'
import { preloadPage } from '../lib/pages.ts'
import { Badge } from '../ui/badge.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { TemplateMark } from './template-mark.tsx'

const GRID = 'grid gap-3 sm:grid-cols-2 lg:grid-cols-3'
const CARD = 'relative flex gap-3 rounded-card border border-line bg-surface p-4 shadow-card'

/** Who gave it, where that is not the installation. */
const SCOPES: Partial<Record<TemplateSummary['scope'], string>> = {
  private: 'Yours',
  team: 'Team',
  org: 'Organisation',
}

interface ShelfProps {
  title: string
  templates: readonly TemplateSummary[]
}

export function TemplateShelf({ title, templates }: ShelfProps) {
  return (
    <section>
      <h2 className="mb-3 text-sm font-semibold">{title}</h2>
      <ul className={GRID}>
        {templates.map((template) => (
          <TemplateCard key={template.id} template={template} />
        ))}
      </ul>
    </section>
  )
}

function TemplateCard({ template }: { template: TemplateSummary }) {
  const { id, displayName, description, scope } = template
  const giver = SCOPES[scope]
  return (
    <li className={`${CARD} transition-colors hover:border-line-strong hover:bg-hover`}>
      <TemplateMark name={displayName} />
      <div className="min-w-0 flex-1">
        <div className="flex items-start justify-between gap-2">
          <Link
            to={paths.deploy(id)}
            onPointerEnter={() => preloadPage('deploy')}
            className="truncate font-medium outline-none after:absolute after:inset-0 after:rounded-card focus-visible:after:outline-2 focus-visible:after:outline-accent"
          >
            {displayName}
          </Link>
          {giver !== undefined && <Badge>{giver}</Badge>}
        </div>
        <p className="mt-0.5 line-clamp-2 min-h-10 text-muted">{description}</p>
      </div>
    </li>
  )
}

export function TemplatesSkeleton() {
  return (
    <div role="status" aria-label="Loading the templates">
      <Skeleton className="mb-3 h-5 w-24" />
      <div className={GRID}>
        {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
          <div key={key} className={CARD}>
            <Skeleton className="size-9 rounded-lg" />
            <div className="flex-1 space-y-2">
              <Skeleton className="h-4 w-28" />
              <Skeleton className="h-9 w-full" />
            </div>
          </div>
        ))}
      </div>
    </div>
  )
}
