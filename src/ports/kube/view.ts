import { UserDeploymentStatus, type UserDeployment } from '../../contract/crd/user-deployment.ts'
import type { KubeObject } from '../../kubernetes/object.ts'
import type { Reflector } from '../../kubernetes/reflector-types.ts'
import { createReflector } from '../../kubernetes/reflector.ts'
import { RESOURCES } from '../../kubernetes/resources.ts'
import type { Transport } from '../../kubernetes/transport-types.ts'
import { dropBookkeeping } from '../../kubernetes/trim.ts'
import type { ResourceKey, UserDeploymentView } from './port.ts'

/** As it is kept: the API server's schema fills in the defaults of the spec, so it has the type of a parsed one. */
type Kept = KubeObject & UserDeployment

/** A status that another version of the operator wrote, and that we cannot read, is no status. */
function trim(object: Kept): Kept {
  const { status, ...rest } = dropBookkeeping(object)
  const parsed = UserDeploymentStatus.safeParse(status)
  return parsed.success ? { ...rest, status: parsed.data } : rest
}

interface RunningView {
  readonly view: UserDeploymentView
  stop(): Promise<void>
}

/** How often it is looked whether there is a kubeconfig by now. */
const lookAgainMs = 1_000

/**
 * Follows all custom resources of the cluster from now on, or from when there are credentials for one.
 *
 * @param connect throws while there are none
 */
export function followUserDeployments(
  connect: () => Transport,
  onTrouble: (error: unknown) => void,
): RunningView {
  const listeners = new Set<(key: ResourceKey) => void>()
  let reflector: Reflector<Kept> | undefined
  let trouble: unknown
  let timer: NodeJS.Timeout | undefined

  const begin = (): void => {
    try {
      reflector = createReflector({
        transport: connect(),
        resource: RESOURCES.UserDeployment,
        trim,
        onError: onTrouble,
      })
    } catch (error) {
      trouble = error
      timer = setTimeout(begin, lookAgainMs)
      timer.unref()
      return
    }
    reflector.onChange(({ object: { metadata } }) => {
      // The API server gives a namespace to whatever lives in one, and the schema of the kind checks names.
      const key = { namespace: metadata.namespace, name: metadata.name } as ResourceKey
      for (const listener of listeners) listener(key)
    })
    reflector.start()
  }
  begin()

  return {
    async stop() {
      clearTimeout(timer)
      await reflector?.stop()
    },
    view: {
      get: (key) => reflector?.store.get(key),
      list: () => [...(reflector?.store.values() ?? [])],
      onChange(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      freshness() {
        if (!reflector)
          return { isSynced: false, ageMs: Number.POSITIVE_INFINITY, reason: messageOf(trouble) }
        const reason = reasonOf(reflector)
        return {
          isSynced: reflector.isSynced,
          ageMs: reflector.secondsSinceContact() * 1000,
          ...(reason === undefined ? {} : { reason }),
          ...(reflector.isServed ? {} : { isUndefined: true }),
        }
      },
    },
  }
}

function reasonOf({ isServed, lastError }: Reflector): string | undefined {
  if (!isServed) return 'The cluster does not define UserDeployment: apply operator/manifests to it.'
  return lastError === undefined ? undefined : messageOf(lastError)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown reason')
