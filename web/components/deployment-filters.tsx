import type { RefObject } from 'react'

import { Select } from '../ui/field.tsx'
import { SearchInput } from '../ui/search-input.tsx'
import { PHASE_NAMES, type DeploymentFilter } from './use-deployment-filter.ts'

interface FiltersProps {
  filter: DeploymentFilter
  searchRef: RefObject<HTMLInputElement | null>
}

export function DeploymentFilters({ filter, searchRef }: FiltersProps) {
  return (
    <search className="mb-4 flex flex-wrap gap-2">
      <SearchInput
        ref={searchRef}
        label="Search by name"
        aria-keyshortcuts="/"
        maxLength={60}
        value={filter.search}
        onChange={(event) => filter.setSearch(event.target.value)}
        className="min-w-full flex-1 sm:max-w-xs sm:min-w-48"
      >
        <kbd className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 rounded border border-line px-1 text-xs text-muted peer-focus:hidden peer-[:not(:placeholder-shown)]:hidden pointer-coarse:hidden">
          /
        </kbd>
      </SearchInput>
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
