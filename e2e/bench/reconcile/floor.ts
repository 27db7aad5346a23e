/** The least that somebody has to do for the same end: each object written once, in the order of the operator. */
import { LABELS, MANAGED_BY } from '../../../src/contract/crd/meta.ts'
import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import type { RenderSettings } from '../../../src/contract/render-settings.ts'
import type { KubeObject } from '../../../src/kubernetes/object.ts'
import { resourcePath } from '../../../src/kubernetes/path.ts'
import { createReflector } from '../../../src/kubernetes/reflector.ts'
import { RESOURCES, resourceOf } from '../../../src/kubernetes/resources.ts'
import type { Transport } from '../../../src/kubernetes/transport-types.ts'
import { renderUserDeployment, type Manifest } from '../../../operator/user-deployment/render.ts'
import { CONCURRENCY } from './operator-process.ts'
import { forEach, within } from './workload.ts'

interface LiveService extends KubeObject {
  spec: { clusterIP?: string }
}
interface LiveDeployment extends KubeObject {
  spec?: { replicas?: number }
  status?: { availableReplicas?: number }
}

/** Makes the objects of all of them, and waits until every Deployment has its pods. */
export async function makeByHand(
  transport: Transport,
  all: readonly UserDeployment[],
  settings: RenderSettings,
): Promise<void> {
  const allReady = untilAvailable(
    transport,
    new Set(all.map(({ metadata }) => metadata.namespace ?? '')),
    all,
  )
  await forEach(all, CONCURRENCY, async (resource) => makeOne(transport, resource, settings))
  await allReady
}

async function makeOne(
  transport: Transport,
  resource: UserDeployment,
  settings: RenderSettings,
): Promise<void> {
  const create = async <T>(manifest: Manifest): Promise<T> => {
    const { namespace = '' } = manifest.metadata
    const path = resourcePath({ ...resourceOf(manifest), namespace })
    // Not the operator's: it must not see them.
    const body = JSON.stringify(manifest).replaceAll(`"${MANAGED_BY}"`, '"by-hand"')
    return transport.request<T>({ method: 'POST', path, body })
  }
  const addresses = new Map<string, string>()
  for (const manifest of renderUserDeployment(resource, settings)) {
    if (manifest.kind === 'Deployment') break
    if (manifest.kind === 'Service') {
      const { spec } = await create<LiveService>(manifest)
      addresses.set(manifest.metadata.labels?.[LABELS.service] ?? '', spec.clusterIP ?? '')
    } else await create(manifest)
  }
  const known = renderUserDeployment(resource, settings, {
    addresses,
    replicas: new Map(),
    hostsOfOthers: new Set(),
  })
  for (const manifest of known.slice(known.findIndex(({ kind }) => kind === 'Deployment'))) {
    await create(manifest)
  }
}

/** One watch, as the operator has. */
async function untilAvailable(
  transport: Transport,
  namespaces: ReadonlySet<string>,
  all: readonly UserDeployment[],
): Promise<void> {
  const wanted = all.reduce((sum, { spec }) => sum + spec.services.length, 0)
  const available = new Set<string>()
  const done = Promise.withResolvers<undefined>()
  const reflector = createReflector<LiveDeployment>({ transport, resource: RESOURCES.Deployment })
  reflector.onChange(({ key, object }) => {
    if (!namespaces.has(object.metadata.namespace ?? '')) return
    if ((object.status?.availableReplicas ?? 0) >= (object.spec?.replicas ?? 1)) available.add(key)
    if (available.size === wanted) done.resolve(undefined)
  })
  reflector.start()
  try {
    await within(300_000, 'all pods are available', done.promise)
  } finally {
    await reflector.stop()
  }
}
