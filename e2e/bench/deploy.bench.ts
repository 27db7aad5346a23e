import { metric, type BenchContext, type Benchmark, type Metric } from '../../deploy/dev/bench/definition.ts'
import { machineProbe } from '../../deploy/dev/bench/probe.ts'
import { untilQuiet } from '../../deploy/dev/bench/quiet.ts'
import { spreadOf } from '../../deploy/dev/bench/statistics.ts'
import { dashboardUrl } from '../../deploy/dev/start/server.ts'
import type { Stack } from '../../deploy/local/stack.ts'
import { connectTransport } from '../../src/kubernetes/transport.ts'
import { withAppStack } from './app-stack.ts'
import { copyOf, type ByHand } from './deploy/by-kubectl.ts'
import { openPlatform, TEMPLATES, type Platform } from './deploy/ours.ts'
import { watchDeployments, type Timeline, type Watcher } from './deploy/timeline.ts'

const PODS = 2

/** From the wish to the first answer: what the platform adds to what Kubernetes takes in any case. */
export const benchmark: Benchmark = {
  name: 'deploy',
  about: 'time from `deployments.create` to the first HTTP 200, beside `kubectl apply` of the same objects',
  run: async (context) => withAppStack(undefined, async (stack) => measure(stack, context)),
}

interface Place {
  readonly stack: Stack
  readonly watcher: Watcher
  readonly platform: Platform
}

async function measure(stack: Stack, context: BenchContext): Promise<Metric[]> {
  const transport = connectTransport({ kubeconfig: stack.env.KUBECONFIG ?? '' })
  const watcher = await watchDeployments({ transport, httpPort: stack.env.INGRESS_HTTP_PORT ?? '' })
  try {
    const url = dashboardUrl(stack.site)
    const platform = await openPlatform({ url, dsn: stack.env.DATABASE_DSN ?? '' })
    const place = { stack, watcher, platform }
    const found = await pairs(place, context)
    context.say('one of which a service waits for the other')
    return report(found, await ours(place, TEMPLATES.ORDERED))
  } finally {
    await watcher.stop()
    await transport.close()
  }
}

interface Pair {
  readonly ours: Timeline
  readonly byHand: Timeline
}

/** Each in turn first; the namespace, its guards and the images are there already. */
async function pairs(place: Place, { full, say, signal }: BenchContext): Promise<Pair[]> {
  say('a first deployment, to be copied')
  const byHand = await firstOne(place)
  await peer(place, byHand)
  const found: Pair[] = []
  for (let round = 0; round < (full ? 15 : 5); round++) {
    signal.throwIfAborted()
    const foreign = await untilQuiet(machineProbe())
    const isOursFirst = round % 2 === 0
    const early = isOursFirst ? await ours(place) : undefined
    const hand = await peer(place, byHand)
    const pair = { ours: early ?? (await ours(place)), byHand: hand }
    found.push(pair)
    const seconds = ({ firstAnswer }: Timeline): string => `${(firstAnswer / 1000).toFixed(2)} s`
    say(
      `pair ${round + 1}: ${seconds(pair.ours)} beside ${seconds(hand)}; others keep ${foreign.toFixed(1)} cores busy`,
    )
  }
  return found
}

/** What the operator makes of it, to be made by hand from then on. */
async function firstOne(place: Place): Promise<ByHand> {
  const { watcher, platform, stack } = place
  const { name, create, delete: remove } = platform.wish(TEMPLATES.AT_ONCE)
  await attempt(place, name, create)
  const byHand = await copyOf(stack, name)
  await remove()
  await watcher.untilGone(name)
  return byHand
}

async function ours(place: Place, template = TEMPLATES.AT_ONCE): Promise<Timeline> {
  const { name, create, delete: remove } = place.platform.wish(template)
  const timeline = await attempt(place, name, create)
  await remove()
  await place.watcher.untilGone(name)
  return timeline
}

async function peer(place: Place, { name, prepare, apply, delete: remove }: ByHand): Promise<Timeline> {
  await prepare()
  const timeline = await attempt(place, name, apply)
  await remove()
  await place.watcher.untilGone(name)
  return timeline
}

async function attempt(
  { stack, watcher }: Place,
  name: string,
  begin: () => Promise<unknown>,
): Promise<Timeline> {
  return watcher.measure({ name, host: `${name}.${stack.env.DEPLOYMENT_DOMAIN}`, pods: PODS, begin })
}

const STEPS: readonly [key: keyof Timeline, says: string][] = [
  ['answered', 'answered'],
  ['resource', 'custom resource there'],
  ['objects', 'last object there'],
  ['podsScheduled', 'pods scheduled'],
  ['podsStarted', 'containers started'],
  ['podsReady', 'pods ready'],
  ['firstAnswer', 'first 200'],
]

function report(found: readonly Pair[], inOrder: Timeline): Metric[] {
  const ratio = spreadOf(found.map(({ ours: { firstAnswer }, byHand }) => firstAnswer / byHand.firstAnswer))
  const steps = (['ours', 'byHand'] as const).flatMap((side) =>
    STEPS.filter(([key]) => side === 'ours' || key !== 'resource').map(([key, says]) => {
      const { median, min, max } = spreadOf(found.map((pair) => (pair[side][key] ?? Number.NaN) / 1000))
      const name = side === 'ours' ? 'ours' : 'kubectl'
      return metric({
        key: `${name}: ${says}`,
        value: median,
        unit: 's',
        note: `median of ${found.length}, ${min.toFixed(2)} to ${max.toFixed(2)}`,
      })
    }),
  )
  return [
    metric({
      key: 'time to the first 200',
      value: ratio.median,
      unit: '× kubectl apply',
      atMost: 1.25,
      note: `median of ${found.length} pairs, ${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)}`,
    }),
    ...steps,
    metric({
      key: 'ours, one service after the other: first 200',
      value: inOrder.firstAnswer / 1000,
      unit: 's',
      note: 'once: web is started when api is ready, which kubectl does not do',
    }),
  ]
}
