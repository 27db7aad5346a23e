import type { Browser, BrowserContext } from 'playwright-core'

import { metric, type BenchContext, type Benchmark, type Metric } from '../../deploy/dev/bench/definition.ts'
import { spreadOf } from '../../deploy/dev/bench/statistics.ts'
import { dashboardUrl } from '../../deploy/dev/start/server.ts'
import type { Stack } from '../../deploy/local/stack.ts'
import { launchChromium } from '../fixtures/chromium.ts'
import { seedDeployments } from './api/seed.ts'
import { withAppStack } from './app-stack.ts'
import { visit, type Loaded, type Visit, type VisitOptions } from './web/visit.ts'

const DEPLOYMENTS = 200
/** As quality goals for browsers have it: a middling phone. */
const CPU_SLOWDOWN = 4

/** What a browser has to load for the page for which most come. */
export const benchmark: Benchmark = {
  name: 'web',
  about:
    'what the signed-in list page loads until it is at rest, in a browser: bytes, requests, time to paint',
  run: async (context) => withAppStack(['shipyard-server'], async (stack) => measure(stack, context)),
}

interface Place {
  readonly browser: Browser
  readonly url: string
  readonly token: string
}

async function measure(stack: Stack, { full, say, signal }: BenchContext): Promise<Metric[]> {
  const { cookie } = await seedDeployments(stack.env.DATABASE_DSN ?? '', DEPLOYMENTS)
  const browser = await launchChromium()
  try {
    const place = { browser, url: dashboardUrl(stack.site), token: cookie.replace(/^session=/, '') }
    say('a first visit by gzip')
    const byGzip = await gzippedVisit(place)
    const first: Visit[] = []
    const again: Visit[] = []
    for (let round = 0; round < (full ? 9 : 3) && !signal.aborted; round++) {
      say(`round ${round + 1}: a first visit and a second one, on a processor ${CPU_SLOWDOWN} times slower`)
      const [one, two] = await twoVisits(place)
      first.push(one)
      again.push(two)
    }
    return [...sizes(byGzip), ...visits('first visit', first), ...visits('second visit', again)]
  } finally {
    await browser.close()
  }
}

/** Browsers of today ask for more than gzip; the goals are older than that. */
async function gzippedVisit(place: Place): Promise<Visit> {
  const context = await signedIn(place)
  try {
    await context.setExtraHTTPHeaders({ 'accept-encoding': 'gzip' })
    return await visit(context, listAt(place))
  } finally {
    await context.close()
  }
}

async function twoVisits(place: Place): Promise<[first: Visit, second: Visit]> {
  const context = await signedIn(place)
  try {
    const look = async (): Promise<Visit> => visit(context, { ...listAt(place), cpuSlowdown: CPU_SLOWDOWN })
    return [await look(), await look()]
  } finally {
    await context.close()
  }
}

const listAt = ({ url }: Place): VisitOptions => ({ url, selector: 'a[href^="/deployments/dep_"]' })

async function signedIn({ browser, url, token }: Place): Promise<BrowserContext> {
  const context = await browser.newContext()
  await context.addCookies([{ name: 'session', value: token, url }])
  return context
}

const bytesOf = (loaded: readonly Loaded[]): number => loaded.reduce((sum, { bytes }) => sum + bytes, 0)

function sizes({ loaded }: Visit): Metric[] {
  const size = (type: string): { value: number; unit: string; note: string } => {
    const files = loaded.filter((each) => each.type === type)
    return { value: bytesOf(files) / 1000, unit: 'kB', note: `gzip, headers included; ${files.length} files` }
  }
  return [
    metric({ key: 'JavaScript', ...size('Script'), atMost: 130 }),
    metric({ key: 'CSS', ...size('Stylesheet'), atMost: 20 }),
  ]
}

function visits(name: string, all: readonly Visit[]): Metric[] {
  const middle = (value: (visit: Visit) => number): { value: number; note: string } => {
    const { median, min, max } = spreadOf(all.map(value))
    return { value: median, note: `median of ${all.length}, ${min.toFixed(1)} to ${max.toFixed(1)}` }
  }
  const asked = ({ loaded }: Visit): readonly Loaded[] =>
    loaded.filter(({ bytes, type }) => bytes > 0 || type === 'EventSource')
  return [
    metric({ key: `${name}: requests`, unit: '', ...middle((each) => asked(each).length) }),
    metric({ key: `${name}: bytes`, unit: 'kB', ...middle(({ loaded }) => bytesOf(loaded) / 1000) }),
    metric({ key: `${name}: first byte`, unit: 'ms', ...middle(({ firstByteMs }) => firstByteMs) }),
    metric({ key: `${name}: largest paint`, unit: 'ms', ...middle(({ largestPaintMs }) => largestPaintMs) }),
    metric({ key: `${name}: at rest`, unit: 'ms', ...middle(({ idleMs }) => idleMs) }),
    metric({ key: `${name}: layout shift`, unit: '', ...middle(({ layoutShift }) => layoutShift) }),
  ]
}
