/** The same end by the operator: the resources are written, and it says when they are Ready. */
import { FIELD_MANAGERS } from '../../../src/contract/crd/meta.ts'
import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import { serverSideApply } from '../../../src/kubernetes/apply.ts'
import type { KubeObject } from '../../../src/kubernetes/object.ts'
import { keyOf } from '../../../src/kubernetes/object.ts'
import { createReflector } from '../../../src/kubernetes/reflector.ts'
import { RESOURCES } from '../../../src/kubernetes/resources.ts'
import type { Transport } from '../../../src/kubernetes/transport-types.ts'
import { forEach, within } from './workload.ts'

/** As many calls at once as the server's loop has. */
const PUSHES_AT_ONCE = 8

interface LiveUserDeployment extends KubeObject {
  status?: { phase?: string; observedGeneration?: number }
}

/** Puts them there as the server does. */
export async function put(transport: Transport, all: readonly UserDeployment[]): Promise<void> {
  await forEach(all, PUSHES_AT_ONCE, async (resource) => {
    await serverSideApply(transport, { object: resource, fieldManager: FIELD_MANAGERS.server })
  })
}

/** Puts them there, and waits until all are Ready. */
export async function putUntilReady(transport: Transport, all: readonly UserDeployment[]): Promise<void> {
  const ready = untilAll(transport, all, ({ status }) => status?.phase === 'Ready')
  await put(transport, all)
  await ready
}

/** Watches until each of them is as wanted. */
export async function untilAll(
  transport: Transport,
  all: readonly UserDeployment[],
  isMet: (live: LiveUserDeployment) => boolean,
): Promise<void> {
  const open = new Set(
    all.map(({ metadata: { name, namespace } }) => keyOf({ name, namespace: namespace ?? '' })),
  )
  const done = Promise.withResolvers<undefined>()
  // Of one namespace where there is one: a list of thousands would be most of what one change takes.
  const [first, ...others] = new Set(all.map(({ metadata }) => metadata.namespace))
  const namespace = first !== undefined && others.length === 0 ? { namespace: first } : {}
  const resource = RESOURCES.UserDeployment
  const reflector = createReflector<LiveUserDeployment>({ transport, resource, ...namespace })
  reflector.onChange(({ key, object }) => {
    if (isMet(object)) open.delete(key)
    if (open.size === 0) done.resolve(undefined)
  })
  reflector.start()
  try {
    await within(600_000, 'the operator was done', done.promise)
  } finally {
    await reflector.stop()
  }
}
