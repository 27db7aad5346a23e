import { Boxes, SearchX } from 'lucide-react'
import { useDeferredValue, useRef, useState } from 'react'

import type { TemplateView } from '../../src/modules/templates/schema.ts'
import { useSession } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { TemplateShelf, TemplatesSkeleton } from '../components/template-shelf.tsx'
import { useHotkeys } from '../lib/use-hotkeys.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { SearchInput } from '../ui/search-input.tsx'

type Listed = Pick<TemplateView, 'displayName' | 'description' | 'category' | 'name'>

const fits = (template: Listed, wanted: string): boolean =>
  [template.displayName, template.name, template.description, template.category].some((text) =>
    text.toLowerCase().includes(wanted),
  )

/** By category, in the order of their names; what has none comes last. */
function shelvesOf<Template extends Listed>(templates: readonly Template[]): [string, Template[]][] {
  const groups = Object.groupBy(templates, ({ category }) => category)
  return Object.entries(groups)
    .map(([category, group = []]): [string, Template[]] => [category, group])
    .toSorted(([a], [b]) => Number(a === '') - Number(b === '') || a.localeCompare(b))
}

export default function TemplatesPage() {
  const { team } = useSession()
  const templates = trpc.templates.list.useQuery({ teamId: team.id }, { staleTime: 60_000 })
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search.trim().toLowerCase())
  const input = useRef<HTMLInputElement>(null)
  useHotkeys({ '/': () => input.current?.focus() })
  const found = templates.data?.filter((template) => fits(template, wanted))

  return (
    <>
      <PageHead title="Templates">
        <p className="text-muted">What can be deployed here. Pick one, and answer its questions.</p>
      </PageHead>
      <search className="mb-6 block sm:max-w-xs">
        <SearchInput
          ref={input}
          label="Search templates"
          aria-keyshortcuts="/"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </search>
      {templates.isPending && <TemplatesSkeleton />}
      {templates.error && (
        <FaultNotice
          error={templates.error}
          title="The templates could not be loaded"
          onRetry={() => void templates.refetch()}
          isRetrying={templates.isFetching}
        />
      )}
      {found && found.length > 0 && (
        <div className="space-y-8">
          {shelvesOf(found).map(([category, group]) => (
            <TemplateShelf key={category} title={category || 'More'} templates={group} />
          ))}
        </div>
      )}
      {found?.length === 0 && <NoTemplates isSearching={wanted !== ''} />}
    </>
  )
}

function NoTemplates({ isSearching }: { isSearching: boolean }) {
  return (
    <Card isFlush>
      {isSearching ? (
        <EmptyState icon={<SearchX />} title="No template fits">
          Try another word, or a shorter one.
        </EmptyState>
      ) : (
        <EmptyState icon={<Boxes />} title="There are no templates yet">
          They come with the installation. Ask whoever runs it.
        </EmptyState>
      )}
    </Card>
  )
}
