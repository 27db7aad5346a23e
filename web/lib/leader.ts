/**
 * One tab of many does what all need: browsers open six connections to an address over HTTP/1.1, and a stream
 * for each tab would leave none for requests. The lock falls to the next tab when its holder is closed.
 */

const locks = (): LockManager | undefined => ('locks' in navigator ? navigator.locks : undefined)

/** Until it is aborted; the listener is never the last thing that keeps it. */
const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/**
 * Runs `lead` once this tab is the one that leads, and stops what it started when `signal` is aborted. Where
 * there are no locks (plain http on another host) every tab leads for itself.
 */
export function leadWhenAlone(name: string, lead: () => () => void, signal: AbortSignal): void {
  const hold = async () => {
    const stop = lead()
    await untilAborted(signal)
    stop()
  }
  const manager = locks()
  const held = manager ? manager.request(name, { signal }, hold) : hold()
  // Aborted while waiting: nothing was begun.
  held.catch((error: unknown) => {
    if (!signal.aborted) reportError(error)
  })
}

/**
 * Takes one of `count` places that all tabs share, and keeps it until `signal` is aborted.
 *
 * @returns false when all are taken.
 */
export async function takePlace(name: string, count: number, signal: AbortSignal): Promise<boolean> {
  const manager = locks()
  if (!manager) return true
  for (let place = 0; place < count; place++) {
    const isTaken = await new Promise<boolean>((resolve) => {
      const hold = (lock: Lock | null) => {
        resolve(lock !== null)
        return lock === null ? undefined : untilAborted(signal)
      }
      manager.request(`${name}/${place}`, { ifAvailable: true }, hold).catch(reportError)
    })
    if (isTaken) return true
  }
  return false
}
