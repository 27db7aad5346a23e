import type { KubeConfig } from '@kubernetes/client-node'
import type { Clock } from './clock.ts'
import type { KubeconfigContents } from './kubeconfig.ts'

/** What a credential plugin (`exec`, `auth-provider`) gave. */
export interface Granted {
  authorization?: string
  cert?: string
  key?: string
}

/** How long an answer is used before client-node is asked again, which knows when it expires. */
const ASK_EVERY_MS = 10_000

/** Runs the kubeconfig's plugin through client-node, not at every request. */
export function askPlugin(contents: KubeconfigContents, clock: Clock): (now: boolean) => Promise<Granted> {
  let config: Promise<KubeConfig> | undefined
  let last: { at: number; granted: Promise<Granted> } | undefined
  return async (now) => {
    if (!last || now || clock.monotonicMs() - last.at >= ASK_EVERY_MS) {
      config ??= load(contents)
      const asked = { at: clock.monotonicMs(), granted: config.then(ask) }
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

/** Large, and only those who have a plugin need it. */
async function load(contents: KubeconfigContents): Promise<KubeConfig> {
  const { KubeConfig: Loaded } = await import('@kubernetes/client-node')
  const config = new Loaded()
  config.loadFromOptions(contents)
  return config
}
