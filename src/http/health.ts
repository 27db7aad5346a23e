/** Whether the server lives, whether it can work, and what this installation can do. */
import type { FastifyInstance } from 'fastify'

import type { Config } from '../config.ts'
import type { ClusterState } from '../modules/deployments/facts.ts'
import type { Deps } from '../modules/deps.ts'
import { waysToSignIn } from './sign-in-routes.ts'

interface Options {
  readonly config: Config
  readonly deps: Deps
  readonly stopping: AbortSignal
}

interface Part {
  readonly isHealthy: boolean
  readonly reason?: string
}

export function registerHealth(app: FastifyInstance, { config, deps, stopping }: Options): void {
  const unlimited = { config: { rateLimit: false as const } }

  /** The process answers: nothing else is asked, or a database that is away would have it restarted for nothing. */
  app.get('/health', unlimited, async () => ({ status: 'ok' }))

  /**
   * Requests can be served: the database answers. Vault and the cluster are told of, but without them people still
   * see what they have, so they take nobody out of service.
   */
  app.get('/readyz', unlimited, async (_, reply) => {
    const [database, vault] = await Promise.all([databaseOf(deps), deps.vault.health()])
    const isReady = database.isHealthy && (await areSessionsThere(deps)) && !stopping.aborted
    return reply.code(isReady ? 200 : 503).send({
      status: isReady ? 'ready' : stopping.aborted ? 'stopping' : 'not ready',
      parts: { database, vault, cluster: CLUSTER[deps.facts.cluster()] },
    })
  })

  app.get('/api/config', async () => ({
    signIn: waysToSignIn({ config, deps }),
    billing: deps.settings.isBillingEnabled,
    kubernetes: deps.kube !== undefined,
    deploymentDomain: config.render.deploymentDomain,
  }))
}

/** Where they are kept outside of the database; nobody is known without them. */
const areSessionsThere = async ({ sessions }: Pick<Deps, 'sessions'>): Promise<boolean> =>
  sessions.isInDatabase ||
  sessions.ping().then(
    () => true,
    () => false,
  )

async function databaseOf({ db }: Pick<Deps, 'db'>): Promise<Part> {
  try {
    await db.ping()
    return { isHealthy: true }
  } catch {
    // Whatever it is, the log of the database's adapter has it; here it is yes or no.
    return { isHealthy: false, reason: 'The database does not answer.' }
  }
}

const CLUSTER: Record<ClusterState, Part> = {
  live: { isHealthy: true },
  absent: { isHealthy: true, reason: 'This installation has no cluster.' },
  unreachable: { isHealthy: false, reason: 'The cluster does not answer. Deployments wait.' },
  unprepared: {
    isHealthy: false,
    reason:
      'The cluster does not define Shipyard’s kinds. Deployments wait until `kubectl apply -f operator/manifests`.',
  },
}
