/** Writes what a stream tells into the queries of this tab. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query'

import type { TeamId } from '../../src/contract/ids.ts'
import type { DeploymentChange, DeploymentSummary } from '../../src/modules/deployments/schema.ts'
import { applyChange, type ListFilter, type Pages } from './deployments-cache.ts'

/** An answer that was on its way while a change arrived may be older than the change, for so long. */
const OVERLAP_MS = 15_000

/** How tRPC names a query. */
interface ListKey {
  options: { input?: ListFilter & { teamId?: string }; type?: string }
}

/** The key taken apart, if it is of tRPC: there are others, and what stands in them is their affair. */
function listKeyOf([path, options]: readonly unknown[]): ListKey | undefined {
  if (!Array.isArray(path) || path.join('.') !== 'deployments.list') return undefined
  return { options: options ?? {} }
}

function isListOf(key: readonly unknown[], teamId: TeamId): boolean {
  const list = listKeyOf(key)
  return list?.options.type === 'infinite' && list.options.input?.teamId === teamId
}

export class LiveCache {
  readonly #queryClient: QueryClient
  readonly #teamId: TeamId
  readonly #recent = new Map<string, { change: DeploymentChange; at: number }>()
  readonly #unsubscribe: () => void

  constructor(queryClient: QueryClient, teamId: TeamId) {
    this.#queryClient = queryClient
    this.#teamId = teamId
    this.#unsubscribe = queryClient.getQueryCache().subscribe((event) => {
      const isAnswer =
        event.type === 'updated' && event.action.type === 'success' && event.action.manual !== true
      if (isAnswer && isListOf(event.query.queryKey as readonly unknown[], teamId)) this.#repeatRecent()
    })
  }

  /** Writes changes into every list of the team, and has the page of a changed deployment ask again. */
  write(changes: readonly DeploymentChange[]): void {
    const at = performance.now()
    for (const change of changes) {
      this.#recent.set(change.id, { change, at })
      this.#writeOne(change)
    }
    this.#writeLists(changes)
  }

  /** After a break: what was removed meanwhile, nobody tells. */
  askAgain(): void {
    void this.#queryClient.invalidateQueries({ queryKey: [['deployments']] })
  }

  close(): void {
    this.#unsubscribe()
  }

  /** An answer that comes after a newer change would undo it. */
  #repeatRecent(): void {
    const since = performance.now() - OVERLAP_MS
    const changes = [...this.#recent.values()].filter(({ at }) => at > since).map(({ change }) => change)
    if (changes.length > 0) queueMicrotask(() => this.#writeLists(changes))
  }

  #writeLists(changes: readonly DeploymentChange[]): void {
    const lists = this.#queryClient
      .getQueryCache()
      .findAll({ predicate: ({ queryKey }) => isListOf(queryKey, this.#teamId) })
    for (const { queryKey } of lists) {
      const filter = listKeyOf(queryKey)?.options.input ?? {}
      this.#queryClient.setQueryData<InfiniteData<Pages['pages'][number]>>(
        queryKey,
        (data) => data && changes.reduce((merged, change) => applyChange(merged, filter, change), data),
      )
    }
  }

  /**
   * A row tells less than a page shows: what both have is shown at once, the rest is asked for. The number of a
   * revision comes with the rest: forms take it for the revision of the values beside it.
   */
  #writeOne(change: DeploymentChange): void {
    const keyOf = (path: string) => [['deployments', ...path.split('.')], { input: { id: change.id } }]
    const key = keyOf('get')
    if (change.kind === 'changed') {
      const known = this.#queryClient.getQueriesData<DeploymentSummary>({ queryKey: key })
      // A stream begins with what everybody knows.
      if (known.every(([, view]) => view && says(view, change.deployment))) return
      this.#queryClient.setQueriesData<DeploymentSummary>(
        { queryKey: key },
        (view) => view && { ...view, ...change.deployment, revision: view.revision },
      )
    }
    for (const path of ['get', 'activity', 'revisions.list']) {
      void this.#queryClient.invalidateQueries({ queryKey: keyOf(path) })
    }
  }
}

/** Whether what is known says all that a row says. */
function says(known: DeploymentSummary, row: DeploymentSummary): boolean {
  return Object.keys(row).every((name) => {
    const field = name as keyof DeploymentSummary
    return JSON.stringify(known[field]) === JSON.stringify(row[field])
  })
}
