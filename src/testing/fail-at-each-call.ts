/**
 * Dying at every step: the ports are wrapped so that their k-th call throws (before or after it has had its effect),
 * for k = 1, 2, … until the work comes through.
 */

/** What a dying process is like to itself: nothing after it is done. */
export class Death extends Error {
  override readonly name = 'Death'
}

export interface Moment {
  /** Which call, from 1. */
  readonly at: number
  /** Died when the call had had its effect, and nobody heard the answer. */
  readonly isAfter: boolean
  /** `vault.writeSecret` */
  readonly call: string
}

type Ports = Readonly<Record<string, unknown>>

interface Plan {
  at: number
  isAfter: boolean
  calls: string[]
}

/** Each run gets ports that die at one call; runs go on until one lives. @returns the moments of death */
export async function failAtEachCall<P extends Ports>(
  ports: P,
  run: (ports: P, moment: Pick<Moment, 'at' | 'isAfter'>) => Promise<void>,
): Promise<Moment[]> {
  const moments: Moment[] = []
  for (let at = 1; ; at++) {
    for (const isAfter of [false, true]) {
      const plan: Plan = { at, isAfter, calls: [] }
      await run(wrap(ports, plan), { at, isAfter })
      const call = plan.calls[at - 1]
      if (call === undefined) return moments
      moments.push({ at, isAfter, call })
    }
  }
}

/** After its death a process makes no call at all. */
function wrap<P extends Ports>(ports: P, plan: Plan): P {
  return Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [name, wrapPort(name, port, plan)]),
  ) as P
}

function wrapPort(name: string, port: unknown, plan: Plan): unknown {
  if (typeof port !== 'object' || port === null) return port
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value === 'object' && value !== null) return wrapPort(`${name}.${String(key)}`, value, plan)
      if (typeof value !== 'function') return value
      const call = value as (...given: unknown[]) => unknown
      return async (...given: unknown[]) => {
        const statement = (given[0] as { name?: string } | undefined)?.name
        plan.calls.push(`${name}.${String(key)}${statement === undefined ? '' : ` ${statement}`}`)
        const count = plan.calls.length
        const isDead = count > plan.at || (count === plan.at && !plan.isAfter)
        if (isDead) throw new Death(`at ${plan.calls.at(-1)}`)
        const answer = await call.apply(target, given)
        if (count === plan.at) throw new Death(`after ${plan.calls.at(-1)}`)
        return answer
      }
    },
  })
}
