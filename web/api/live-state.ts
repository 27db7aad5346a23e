import { useSyncExternalStore } from 'react'

/** `live`: changes arrive by themselves; `waiting`: the first answer is on its way; `broken`: none arrive. */
export type LiveState = 'waiting' | 'live' | 'broken'

let state: LiveState = 'waiting'
const listeners = new Set<() => void>()

export function setLiveState(next: LiveState): void {
  if (next === state) return
  state = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useLiveState = (): LiveState => useSyncExternalStore(subscribe, () => state)

/** How often to ask while no stream tells. */
export const POLL_MS = 10_000

/** For `refetchInterval`: a page never rests on a stream that is not there. */
export const usePollInterval = (): number | false => (useLiveState() === 'broken' ? POLL_MS : false)
