import { useSyncExternalStore } from 'react'

/** The time of this machine, in milliseconds since 1970. */
const now = (): number => new Date().getTime()

/** A time that all who show one share, so that one timer serves a page of ages. */
function ticking(everyMs: number): () => number {
  let time = now()
  let timer: ReturnType<typeof setInterval> | undefined
  const listeners = new Set<() => void>()

  const tick = () => {
    time = now()
    for (const listener of listeners) listener()
  }
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    time = now()
    timer ??= setInterval(tick, everyMs)
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }
  return () => useSyncExternalStore(subscribe, () => time)
}

/** The time, anew every 15 seconds. */
export const useNow: () => number = ticking(15_000)
