import { join } from 'node:path'
import type { Command, Component, StartContext } from '../../local/component.ts'
import { assertAnswers } from '../../local/probe.ts'
import { paths, type Site } from '../../local/site.ts'
import { root } from '../root.ts'

/**
 * Shipyard's server with the dashboard. It needs the database and the Vault; the cluster joins when it is
 * ready, and until then deployments wait.
 */
export const server: Component = {
  name: 'shipyard-server',
  about: 'Shipyard (server and dashboard)',
  needs: ['postgres', 'openbao', 'dashboard'],
  async start({ site, env }: StartContext): Promise<Command> {
    const url = dashboardUrl(site)
    return {
      path: process.execPath,
      args: [join(root, 'src/main.ts')],
      cwd: root,
      env: {
        ...env,
        ...kubeconfigFor(site, 'shipyard-server'),
        DEV_MODE: 'true',
        SERVER_ADDR: `127.0.0.1:${site.ports['shipyard-server']}`,
        BASE_URL: url,
        // The registries are on this machine: nobody need wait for five minutes to see a followed tag move.
        IMAGE_WATCH_SECONDS: '10',
        // So that budgets can be tried.
        USAGE_PRICE_CPU_HOUR: '0.04',
        USAGE_PRICE_MEMORY_HOUR: '0.005',
        USAGE_PRICE_STORAGE_MONTH: '0.10',
        ...loudness(site),
      },
      graceMs: 10_000,
    }
  },
  ready: async ({ site }) => assertAnswers(`http://127.0.0.1:${site.ports['shipyard-server']}/health`),
}

/** `localhost`, because browsers give cookies and `*.localhost` their due there. */
export function dashboardUrl(site: Site): string {
  return `http://localhost:${site.ports['shipyard-server']}`
}

/** On our own cluster each process is somebody, with no more rights than its manifests say. */
export function kubeconfigFor(
  site: Site,
  user: 'shipyard-server' | 'shipyard-operator',
): Record<string, string> {
  return site.existing.kubeconfig ? {} : { KUBECONFIG: paths.kubeconfig(site, user) }
}

/** Says all to the log, where the stack is asked to: as whoever looks for a fault would set it. */
export const loudness = (site: Site): Record<string, string> =>
  site.isVerbose ? { DEBUG: '*', LOG_LEVEL: 'trace' } : {}
