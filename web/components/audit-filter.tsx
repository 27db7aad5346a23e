import { X } from 'lucide-react'
import { useSearchParams } from 'react-router'

import { ACTIONS, POLICY } from '../../src/contract/policy.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { dayFilter } from './audit-words.ts'

/** What is looked for, as the address has it, so that it can be sent to somebody. */
export interface AuditFilterValues {
  actorId?: string
  action?: string
  targetId?: string
  from?: string
  to?: string
}

const FIELDS = ['actorId', 'action', 'targetId', 'from', 'to'] as const
/** Reading leaves no row. */
const CHANGES = ACTIONS.filter((action) => POLICY[action].effect !== 'read')

export function useAuditFilter() {
  const [params, setParams] = useSearchParams()
  const chosen = Object.fromEntries(
    FIELDS.flatMap((name) => {
      const value = params.get(name)
      return value === null || value === '' ? [] : [[name, value]]
    }),
  ) as AuditFilterValues
  const choose = (given: AuditFilterValues) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before)
        for (const [name, value] of Object.entries(given) as [string, string][]) {
          if (value === '') next.delete(name)
          else next.set(name, value)
        }
        return next
      },
      { replace: true },
    )
  return { chosen, choose, clear: () => setParams({}, { replace: true }) }
}

/** For the server: days as instants of this reader's day. */
export const askedOf = ({ from, to, ...rest }: AuditFilterValues): AuditFilterValues => ({
  ...rest,
  ...dayFilter('from', from),
  ...dayFilter('to', to),
})

interface AuditFilterProps {
  chosen: AuditFilterValues
  /** How the chosen actor and thing are called, where that is known. */
  names: ReadonlyMap<string, string>
  onChoose: (given: AuditFilterValues) => void
  onClear: () => void
}

export function AuditFilter({ chosen, names, onChoose, onClear }: AuditFilterProps) {
  const isFiltered = Object.keys(chosen).length > 0
  return (
    <form
      aria-label="Filter"
      className="mb-4 flex flex-wrap items-end gap-3"
      onSubmit={(event) => event.preventDefault()}
    >
      <Field label="Action" isRequired>
        {(input) => (
          <Select
            {...input}
            value={chosen.action ?? ''}
            onChange={({ target }) => onChoose({ action: target.value })}
          >
            <option value="">All</option>
            {CHANGES.map((action) => (
              <option key={action}>{action}</option>
            ))}
          </Select>
        )}
      </Field>
      {(['from', 'to'] as const).map((end) => (
        <Field key={end} label={end === 'from' ? 'From' : 'Up to'} isRequired>
          {(input) => (
            <Input
              {...input}
              type="date"
              value={chosen[end] ?? ''}
              onChange={({ target }) => onChoose({ [end]: target.value })}
            />
          )}
        </Field>
      ))}
      {(['actorId', 'targetId'] as const).map((name) => {
        const id = chosen[name]
        if (id === undefined) return null
        return (
          <Button
            key={name}
            icon={<X aria-hidden="true" className="size-4" />}
            aria-label={`No longer only ${name === 'actorId' ? 'by' : 'about'} ${names.get(id) ?? id}`}
            onClick={() => onChoose({ [name]: '' })}
          >
            {name === 'actorId' ? 'By' : 'About'} {names.get(id) ?? id}
          </Button>
        )
      })}
      {isFiltered && (
        <Button variant="ghost" onClick={onClear}>
          Clear
        </Button>
      )}
    </form>
  )
}
