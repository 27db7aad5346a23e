import { Search } from 'lucide-react'
import type { RefObject } from 'react'

import { Input, Select } from '../ui/field.tsx'
import { PHASE_NAMES, type DeploymentFilter } from './use-deployment-filter.ts'

interface FiltersProps {
  filter: DeploymentFilter
  searchRef: RefObject<HTMLInputElement | null>
}

export function DeploymentFilters({ filter, searchRef }: FiltersProps) {
  return (
    <search className="mb-4 flex flex-wrap gap-2">
      <div className="relative min-w-full flex-1 sm:max-w-xs sm:min-w-48">
        <Search
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted"
        />
        <Input
          ref={searchRef}
          type="search"
          aria-label="Search by name"
          aria-keyshortcuts="/"
          placeholder="Search by name"
          maxLength={60}
          value={filter.search}
          onChange={(event) => filter.setSearch(event.target.value)}
          className="peer pr-8 pl-8"
        />
        <kbd className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 rounded border border-line px-1 text-xs text-muted peer-focus:hidden peer-[:not(:placeholder-shown)]:hidden pointer-coarse:hidden">
          /
        </kbd>
      </div>
      <Select
        aria-label="Status"
        value={filter.phase ?? ''}
        onChange={(event) => filter.setPhase(event.target.value)}
        className="flex-1 sm:flex-none"
      >
        <option value="">All statuses</option>
        {PHASE_NAMES.map((phase) => (
          <option key={phase}>{phase}</option>
        ))}
      </Select>
      <Select
        aria-label="Owner"
        value={filter.isMine ? 'me' : ''}
        onChange={(event) => filter.setMine(event.target.value === 'me')}
        className="flex-1 sm:flex-none"
      >
        <option value="">Of everybody</option>
        <option value="me">Mine</option>
      </Select>
    </search>
  )
}
