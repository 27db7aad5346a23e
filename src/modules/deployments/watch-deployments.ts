/**
 * What people see, as it changes: listen first, then tell how it is, then what changes. Nobody is told the same
 * twice, and a slow reader is told the latest of each deployment, never a queue of the past.
 */
import { hash } from 'node:crypto'

import type { DeploymentId, TeamId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import { keepChecking, type Guard } from '../access/keep-checking.ts'
import type { Deps } from '../deps.ts'
import { createPending, type Pending } from './pending.ts'
import {
  MAX_PAGE,
  type DeploymentChange,
  type DeploymentSummary,
  type DeploymentViewChange,
} from './schema.ts'
import { listRemovedSince, listRows } from './store.ts'
import { summaryOfRow, viewOfListed, viewOfRow } from './view.ts'

type Needed = Pick<
  Deps,
  'db' | 'facts' | 'settings' | 'changes' | 'clock' | 'liveRows' | 'rights' | 'stopping'
>

/** An item with the place where a viewer goes on after a break. */
export interface Told<Item> {
  readonly eventId: string
  readonly data: Item
}

export interface Watching {
  /** Ends when the viewer has gone. */
  readonly signal: AbortSignal
  /** Says when the caller may no longer see it: the stream ends with that error. */
  readonly guard: Guard
  readonly lastEventId?: string | null | undefined
}

/** Changes that come close together are told together. */
const GATHER_MS = 25
/** What another replica changed is not heard of here unless the cluster says it too: so it is looked at again. */
const LOOK_AGAIN_MS = 20_000
const LONGEST_WAIT_MS = 2_000
/** A break is rarely longer, and what was removed before was seen. */
const OVERLAP_MS = 60_000

/** The deployments of a team: the newest page at first, then each that changes. */
export async function* watchTeam(
  deps: Needed,
  teamId: TeamId,
  watching: Watching,
): AsyncGenerator<Told<DeploymentChange>, void> {
  const told = createTeller<DeploymentChange>(deps)
  const current = async (): Promise<DeploymentChange[]> => {
    const rows = await listRows(deps.db, { ...NO_FILTER, teamIds: [teamId], limit: MAX_PAGE })
    return rows.map((row) => changed(viewOfListed(row, deps)))
  }
  const removedMeanwhile = async (): Promise<DeploymentChange[]> => {
    const since = momentOf(watching.lastEventId)
    const ids =
      since === undefined ? [] : await listRemovedSince(deps.db, teamId, new Date(since - OVERLAP_MS))
    return ids.map((id) => ({ kind: 'removed', id }))
  }
  const one = async (id: DeploymentId): Promise<DeploymentChange> => {
    const row = await deps.liveRows.read(id)
    return row?.teamId === teamId ? changed(summaryOfRow(row, deps)) : { kind: 'removed', id }
  }
  const hear = (pending: Pending) =>
    deps.changes.listen((change) => {
      if (change === 'everything') pending.add('all')
      else if (change.teamId === teamId) pending.add(change.id)
    })
  yield* follow({ watching, told, hear, one, all: current, first: removedMeanwhile, deps })
}

/** One deployment with everything, until it is removed. */
export async function* watchOne(
  deps: Needed,
  id: DeploymentId,
  watching: Watching,
): AsyncGenerator<Told<DeploymentViewChange>, void> {
  const told = createTeller<DeploymentViewChange>(deps)
  const one = async (): Promise<DeploymentViewChange> => {
    const row = await deps.liveRows.read(id)
    return row ? changed(viewOfRow(row, deps)) : { kind: 'removed', id }
  }
  const hear = (pending: Pending) =>
    deps.changes.listen((change) => {
      if (change === 'everything' || change.id === id) pending.add(id)
    })
  yield* follow({ watching, told, hear, one, all: async () => [await one()], first: async () => [], deps })
}

const NO_FILTER = { afterId: null, afterCreatedAt: null, search: null, ownerId: null, templateId: null }

const changed = <Seen extends DeploymentSummary>(deployment: Seen) => ({
  kind: 'changed' as const,
  id: deployment.id,
  deployment,
})

interface Following<Item extends { id: DeploymentId }> {
  watching: Watching
  told: Teller<Item>
  hear: (pending: Pending) => () => void
  one: (id: DeploymentId) => Promise<Item>
  /** How everything is now. */
  all: () => Promise<Item[]>
  /** What else is told at the beginning. */
  first: () => Promise<Item[]>
  deps: Pick<Needed, 'clock' | 'rights' | 'stopping'>
}

async function* follow<Item extends { id: DeploymentId }>(
  following: Following<Item>,
): AsyncGenerator<Told<Item>, void> {
  const { watching, told, hear, one, all, first, deps } = following
  const { clock, rights, stopping } = deps
  const { signal, guard } = watching
  const pending = createPending()
  const stop = hear(pending)
  const wake = (): void => pending.add('all')
  stopping.addEventListener('abort', wake)
  let refusal: { error: unknown } | undefined
  const stopChecking = keepChecking({
    ...guard,
    rights,
    onRefused: (error) => {
      refusal = { error }
      wake()
    },
  })
  try {
    yield* told.news([...(await first()), ...(await all())])
    let lookedAt = clock.monotonicMs()
    while (!signal.aborted) {
      const ids = await pending.take(LONGEST_WAIT_MS, signal)
      if (signal.aborted) return
      if (refusal) throw refusal.error
      // An error, because a stream that ends in good order is not begun again by its client.
      if (stopping.aborted) fail('SHUTTING_DOWN', {})
      const now = clock.monotonicMs()
      if (ids.has('all') || now - lookedAt >= LOOK_AGAIN_MS) {
        lookedAt = now
        yield* told.news(await all())
      }
      if (ids.size > 0) await gather(signal)
      for (const id of idsOf(ids)) yield* told.news([await one(id)])
    }
  } finally {
    stopping.removeEventListener('abort', wake)
    stopChecking()
    stop()
  }
}

const idsOf = (pending: ReadonlySet<DeploymentId | 'all'>): DeploymentId[] =>
  [...pending].flatMap((each) => (each === 'all' ? [] : [each]))

const gather = async (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    setTimeout(resolve, GATHER_MS)
  })

interface Teller<Item> {
  /** Of these, the ones that differ from what was told last, each with an id to go on after. */
  news(items: readonly Item[]): Generator<Told<Item>, void>
}

function createTeller<Item extends { id: DeploymentId }>({ clock }: Pick<Deps, 'clock'>): Teller<Item> {
  const last = new Map<DeploymentId, string>()
  let count = 0
  return {
    *news(items) {
      for (const item of items) {
        const signature = signatureOf(item)
        if (last.get(item.id) === signature) continue
        last.set(item.id, signature)
        yield { eventId: `${clock.nowMs()}.${count++}`, data: item }
      }
    },
  }
}

/** Equal when nothing that is shown differs; short, because each viewer remembers one for each deployment. */
const signatureOf = (item: unknown): string => hash('sha1', JSON.stringify(item), 'base64')

/** When the last item was told that the viewer got before the break. */
function momentOf(lastEventId: string | null | undefined): number | undefined {
  const [, stamp] = /^(\d{13})\.\d+$/.exec(lastEventId ?? '') ?? []
  return stamp === undefined ? undefined : Number(stamp)
}
