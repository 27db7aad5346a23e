import type { KubeConfig } from '@kubernetes/client-node'
import type { Clock } from './clock.ts'

/** What a credential plugin (`exec`, `auth-provider`) gave. */
export interface Granted {
  authorization?: string
  cert?: string
  key?: string
}

/** How long an answer is used before client-node is asked again, which knows when it expires. */
const ASK_EVERY_MS = 10_000

/** Runs the kubeconfig's plugin through client-node, not at every request. */
export function askPlugin(config: KubeConfig, clock: Clock): (now: boolean) => Promise<Granted> {
  let last: { at: number; granted: Promise<Granted> } | undefined
  return async (now) => {
    if (!last || now || clock.monotonicMs() - last.at >= ASK_EVERY_MS) {
      const asked = { at: clock.monotonicMs(), granted: ask(config) }
      last = asked
      asked.granted.catch(() => {
        if (last === asked) last = undefined // the one who waits hears of it; the next one asks again
      })
    }
    return last.granted
  }
}

async function ask(config: KubeConfig): Promise<Granted> {
  const options: { headers: Record<string, string>; cert?: string; key?: string } = { headers: {} }
  await config.applyToHTTPSOptions(options)
  return {
    ...(options.headers.Authorization === undefined ? {} : { authorization: options.headers.Authorization }),
    ...(options.cert === undefined ? {} : { cert: options.cert }),
    ...(options.key === undefined ? {} : { key: options.key }),
  }
}
