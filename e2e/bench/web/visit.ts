/** One look of a browser at a page: what came over the network until nothing more did. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext, CDPSession } from 'playwright-core'

export interface Loaded {
  readonly url: string
  /** As the browser calls it: `Document`, `Script`, `Stylesheet`, `Fetch`, `EventSource`, `Image`… */
  readonly type: string
  /** What came over the network, headers included; nothing when the browser had it. */
  readonly bytes: number
}

export interface Visit {
  readonly loaded: readonly Loaded[]
  /** Milliseconds: first byte of the page, largest paint, and until nothing more was loaded. */
  readonly firstByteMs: number
  readonly largestPaintMs: number
  readonly idleMs: number
  /** How much moved that was there already; 0 is nothing. */
  readonly layoutShift: number
}

export interface VisitOptions {
  readonly url: string
  /** There when the page shows what it is for. */
  readonly selector: string
  /** So many times slower than this machine. */
  readonly cpuSlowdown?: number
}

/** Nothing has been asked for or answered for so long: the page is done. Its stream of changes stays open. */
const QUIET_MS = 1_000
const DEADLINE_MS = 30_000

export async function visit(context: BrowserContext, options: VisitOptions): Promise<Visit> {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  const network = await watchNetwork(session)
  await session.send('Emulation.setCPUThrottlingRate', { rate: options.cpuSlowdown ?? 1 })
  await page.addInitScript(observePaints)
  await page.goto(options.url, { timeout: DEADLINE_MS })
  await page.locator(options.selector).first().waitFor({ timeout: DEADLINE_MS })
  const idleMs = await network.untilQuiet()
  const paints = await page.evaluate(readPaints)
  await page.close()
  return { loaded: network.loaded(), idleMs, ...paints }
}

interface Asked {
  url: string
  type: string
  bytes: number
  isOver: boolean
}

async function watchNetwork(
  session: CDPSession,
): Promise<{ loaded: () => Loaded[]; untilQuiet: () => Promise<number> }> {
  const asked = new Map<string, Asked>()
  const startedAt = performance.now()
  let lastAt = startedAt
  const change = (id: string, changes: Partial<Asked>): void => {
    const known = asked.get(id)
    if (!known) return
    Object.assign(known, changes)
    if (known.type !== 'EventSource') lastAt = performance.now()
  }
  session.on('Network.requestWillBeSent', ({ requestId, request, type = 'Other' }) => {
    asked.set(requestId, { url: request.url, type, bytes: 0, isOver: false })
    change(requestId, {})
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    change(requestId, { bytes: encodedDataLength, isOver: true }),
  )
  session.on('Network.loadingFailed', ({ requestId }) => change(requestId, { isOver: true }))
  await session.send('Network.enable')
  const isUnderWay = (): boolean =>
    [...asked.values()].some(({ isOver, type }) => !isOver && type !== 'EventSource')
  return {
    loaded: () => [...asked.values()].map(({ url, type, bytes }) => ({ url, type, bytes })),
    async untilQuiet() {
      while (isUnderWay() || performance.now() - lastAt < QUIET_MS) {
        if (performance.now() - startedAt > DEADLINE_MS) throw new Error('The page does not come to rest.')
        await sleep(50)
      }
      return lastAt - startedAt
    },
  }
}

interface Paints {
  largestPaintMs: number
  layoutShift: number
}

/** What a page has that Node's types do not know. */
interface Page {
  PerformanceObserver: new (take: (list: { getEntries: () => Entry[] }) => void) => {
    observe: (options: { type: string; buffered: boolean }) => void
  }
  performance: { getEntriesByType: (type: string) => { responseStart: number }[] }
  seenPaints: Paints
}

interface Entry {
  readonly startTime: number
  readonly value?: number
}

/** Runs in the page, before everything else. */
function observePaints(): void {
  const page = globalThis as unknown as Page
  const seen: Paints = { largestPaintMs: 0, layoutShift: 0 }
  page.seenPaints = seen
  const observe = (type: string, take: (entry: Entry) => void): void =>
    new page.PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true })
  observe('largest-contentful-paint', ({ startTime }) => (seen.largestPaintMs = startTime))
  observe('layout-shift', ({ value = 0 }) => (seen.layoutShift += value))
}

function readPaints(): Paints & { firstByteMs: number } {
  const { performance: times, seenPaints } = globalThis as unknown as Page
  const [navigation] = times.getEntriesByType('navigation')
  return { ...seenPaints, firstByteMs: navigation?.responseStart ?? Number.NaN }
}
