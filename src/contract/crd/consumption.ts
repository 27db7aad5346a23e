/**
 * What a deployment takes of the cluster, and took of late. It stands in the status of its resource, so that whoever was
 * away reads there what happened meanwhile (docs/decisions/050). Counters and a history in one: `used` is all before the
 * first step, each step says what was taken from its time on, the last one what is taken now.
 */
import { z } from 'zod'

const amount = (what: string): z.ZodType<number, number> => z.int().min(0).describe(what)

/** At the same time. */
const Rates = z.object({
  cpu: amount('CPU, in thousandths of a core.'),
  memory: amount('Memory, in MiB.'),
  storage: amount('Volumes, in MiB.'),
})
export type Rates = z.output<typeof Rates>

export const NOTHING: Rates = { cpu: 0, memory: 0, storage: 0 }

const Step = Rates.extend({
  at: z
    .string()
    .max(20)
    .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/)
    .describe('From when on, in RFC 3339, in whole seconds.'),
})
type Step = z.output<typeof Step>

/** A rollout makes a few, an autoscaler at most four a minute. What is older is in the counters alone. */
const MAX_STEPS = 32

export const Consumption = z
  .object({
    used: Rates.describe('What was taken before the first step, each times seconds.'),
    steps: z.array(Step).min(1).max(MAX_STEPS).describe('What was taken from when on; the last one is now.'),
  })
  .describe('What the deployment takes of the cluster: the requests of its running pods, and its volumes.')
export type Consumption = z.output<typeof Consumption>

const KEYS = ['cpu', 'memory', 'storage'] as const

export const mapRates = (of: (key: keyof Rates) => number): Rates => ({
  cpu: of('cpu'),
  memory: of('memory'),
  storage: of('storage'),
})

const isSameRates = (a: Rates, b: Rates): boolean => KEYS.every((key) => a[key] === b[key])

/** A thirteenth month, which the operator never writes, is long ago. */
const secondsOf = (at: string): number => (Date.parse(at) || 0) / 1000
const stampOf = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000', '')

/**
 * The same with what is taken now. Nothing changes while the rates stay, so that nothing is written at rest.
 *
 * @param nowMs a clock that went back counts as standing still
 */
export function withRates(
  before: Consumption | undefined,
  rates: Rates,
  nowMs: number,
): Consumption | undefined {
  const last = before?.steps.at(-1)
  if (!before || !last) {
    if (isSameRates(rates, NOTHING)) return undefined
    return { used: NOTHING, steps: [{ at: stampOf(Math.floor(nowMs / 1000)), ...rates }] }
  }
  if (isSameRates(last, rates)) return before
  const at = Math.max(Math.floor(nowMs / 1000), secondsOf(last.at))
  // What lasted for less than a second was nothing.
  const kept = at === secondsOf(last.at) ? before.steps.slice(0, -1) : before.steps
  const previous = kept.at(-1)
  const steps = previous && isSameRates(previous, rates) ? kept : [...kept, { at: stampOf(at), ...rates }]
  return shortened({ used: before.used, steps })
}

function shortened({ used, steps }: Consumption): Consumption {
  const surplus = steps.length - MAX_STEPS
  const first = steps[Math.max(surplus, 0)]
  if (surplus <= 0 || !first) return { used, steps }
  return { used: usedUntil({ used, steps }, secondsOf(first.at) * 1000), steps: steps.slice(surplus) }
}

/** When the history begins; before it there are only counters. In milliseconds. */
export const historyBegins = ({ steps }: Consumption): number => secondsOf(steps[0]?.at ?? '') * 1000

/** Each rate times seconds, from the beginning until a time, which is not before the history begins. */
export function usedUntil({ used, steps }: Consumption, atMs: number): Rates {
  const until = Math.floor(atMs / 1000)
  const lasted = steps.map((step, n): [Step, number] => {
    const next = steps[n + 1]
    const end = next ? Math.min(secondsOf(next.at), until) : until
    return [step, Math.max(0, end - secondsOf(step.at))]
  })
  return mapRates((key) => lasted.reduce((sum, [step, seconds]) => sum + step[key] * seconds, used[key]))
}
