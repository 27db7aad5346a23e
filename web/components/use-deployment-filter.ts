import { useState } from 'react'
import { useSearchParams } from 'react-router'

import type { UserId } from '../../src/contract/ids.ts'
import type { DeploymentSummary } from '../../src/modules/deployments/schema.ts'
import { useDebounced } from '../lib/use-debounced.ts'

type Phase = DeploymentSummary['phase']

/** In the order of a deployment's life. */
export const PHASE_NAMES = [
  'Pending',
  'Provisioning',
  'Ready',
  'Error',
  'Deleting',
] as const satisfies Phase[]

const TYPING_MS = 200

interface FilterInput {
  search?: string
  phases?: Phase[]
  ownerId?: UserId
}

export interface DeploymentFilter {
  search: string
  phase: Phase | undefined
  isMine: boolean
  /** Something is filtered by, or was a moment ago and is still asked for. */
  isSet: boolean
  setSearch: (text: string) => void
  setPhase: (phase: string) => void
  setMine: (isMine: boolean) => void
  clear: () => void
  /** For `deployments.list`. */
  asInput: (me: UserId) => FilterInput
}

interface Listed {
  /** Undefined: nothing was answered yet. */
  items: readonly unknown[] | undefined
  isFiltered: boolean
  /** They are what the filter before has left. */
  isOfBefore: boolean
}

/** Whether a team has no deployment at all, which a list of some of them does not tell. */
export const isBareTeam = ({ items, isFiltered, isOfBefore }: Listed): boolean =>
  items?.length === 0 && !isFiltered && !isOfBefore

/** The filter of the list stands in the address: it survives going back, and can be sent to others. */
export function useDeploymentFilter(): DeploymentFilter {
  const [parameters, setParameters] = useSearchParams()
  const inAddress = parameters.get('search') ?? ''
  // The router brings a new address in when nothing more urgent is to do: letters would be lost to who types fast.
  const [typed, setTyped] = useState<string>()
  if (typed === inAddress) setTyped(undefined)
  const search = typed ?? inAddress
  const phase = PHASE_NAMES.find((name) => name === parameters.get('status'))
  const isMine = parameters.get('owner') === 'me'
  const settled = useDebounced(search.trim(), TYPING_MS)

  const set = (name: string, value: string) => {
    setParameters(
      (before) => {
        const next = new URLSearchParams(before)
        if (value === '') next.delete(name)
        else next.set(name, value)
        return next
      },
      { replace: true },
    )
  }
  return {
    search,
    phase,
    isMine,
    isSet: search !== '' || settled !== '' || phase !== undefined || isMine,
    setSearch: (text) => {
      setTyped(text)
      set('search', text)
    },
    setPhase: (name) => set('status', name),
    setMine: (mine) => set('owner', mine ? 'me' : ''),
    clear: () => {
      setTyped('')
      setParameters({}, { replace: true })
    },
    asInput: (me) => ({
      ...(settled === '' ? {} : { search: settled }),
      ...(phase ? { phases: [phase] } : {}),
      ...(isMine ? { ownerId: me } : {}),
    }),
  }
}
