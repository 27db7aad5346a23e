/** The smallest controller that is a whole one: of every ConfigMap with a label it keeps a copy, owned by it. */
import type { Cache, KubeObject } from '../cluster.ts'
import { watched } from '../controller-types.ts'
import type { Manager } from '../manager.ts'
import { done, stalled } from '../result.ts'
import { Index } from '../../../src/kubernetes/store.ts'

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>
}

const ROLE = 'copies.example/role'

export const original = (namespace: string, name: string, data: Record<string, string>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, labels: { [ROLE]: 'original' } },
  data,
})

/** Data with the key `names` (joined by commas) says which copies there are to be; `broken` stalls. */
export function addCopyController(manager: Manager): {
  originals: Cache<ConfigMap>
  copies: Cache<ConfigMap>
} {
  const { cluster } = manager
  const originals = cluster.cache<ConfigMap>({ kind: 'ConfigMap', labels: { [ROLE]: 'original' } })
  const ofOwner = new Index<ConfigMap>(
    ({ metadata }) => metadata.ownerReferences?.map(({ uid }) => uid) ?? [],
  )
  const copies = cluster.cache<ConfigMap>({
    kind: 'ConfigMap',
    labels: { [ROLE]: 'copy' },
    indexes: [ofOwner],
  })
  manager.add({
    name: 'copy',
    primary: originals,
    watches: [
      watched(originals, ({ metadata }) => [metadata]),
      watched(copies, ({ metadata }) =>
        (metadata.ownerReferences ?? []).map(({ name }) => ({ name, namespace: metadata.namespace ?? '' })),
      ),
    ],
    async reconcile(ref, { signal }) {
      const source = originals.get(ref)
      if (!source) return done()
      if (source.data?.broken !== undefined) {
        cluster.event(source, { type: 'Warning', reason: 'Broken', message: 'Take "broken" out.' })
        return stalled({ reason: 'Broken', message: 'Take "broken" out.' })
      }
      const desired = (source.data?.names ?? '')
        .split(',')
        .filter(Boolean)
        .map((name) => copyOf(source, name))
      for (const copy of desired)
        await cluster.apply(copy, { live: copies.get(copy.metadata), force: true, signal })
      const wanted = new Set(desired.map(({ metadata }) => metadata.name))
      for (const copy of ofOwner.of(source.metadata.uid ?? ''))
        if (!wanted.has(copy.metadata.name)) await cluster.delete(copy, signal)
      return done()
    },
  })
  return { originals, copies }
}

function copyOf({ apiVersion, kind, metadata, data }: ConfigMap, name: string): ConfigMap {
  const owner = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true }
  const { namespace } = metadata
  return {
    apiVersion,
    kind,
    metadata: {
      name: `${metadata.name}-${name}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { [ROLE]: 'copy' },
      ownerReferences: [owner],
    },
    data: { ...data },
  }
}
