import { expect, it, vi } from 'vitest'
import { API_VERSION, LABELS, MANAGED_BY } from '../../../contract/crd/meta.ts'
import { UserDeployment } from '../../../contract/crd/user-deployment.ts'
import { newId } from '../../../contract/ids.ts'
import {
  DEFAULT_NAMESPACE_PATTERN,
  Dns1123Label,
  generateName,
  namespaceFor,
  type Namespace,
} from '../../../contract/names.ts'
import type { KubePort, ResourceKey } from '../port.ts'
import { collect } from './collect.ts'

/** A cluster port, and what a test does in the cluster behind its back. */
export interface KubeScene {
  readonly kube: KubePort
  readonly labelsOf: (namespace: Namespace) => Promise<Readonly<Record<string, string>>>
  /** What an operator does at last: the resource is gone for good. */
  readonly finishDeletion: (key: ResourceKey) => Promise<void>
  /** A pod of a service of the deployment that waits for a node. */
  readonly putPod: (key: ResourceKey, pod: { name: Dns1123Label; service: string }) => Promise<void>
}

/** A deployment in a namespace of its own. */
export function aUserDeployment(
  changes: { image?: string; env?: { name: string; value: string }[] } = {},
): UserDeployment {
  const [userId, orgId, teamId] = [newId('usr'), newId('org'), newId('team')]
  return UserDeployment.parse({
    apiVersion: API_VERSION,
    kind: 'UserDeployment',
    metadata: {
      name: generateName(),
      namespace: namespaceFor(DEFAULT_NAMESPACE_PATTERN, { userId, orgId }),
      labels: { [LABELS.managedBy]: MANAGED_BY },
    },
    spec: {
      owner: { userId, orgId, teamId },
      revision: 1,
      services: [{ name: 'web', image: changes.image ?? 'registry.example/web:1', env: changes.env ?? [] }],
    },
  })
}

const keyOf = ({ metadata: { namespace, name } }: UserDeployment): ResourceKey =>
  ({ namespace, name }) as ResourceKey

/** The same with another number of pods. */
const scaled = (resource: UserDeployment, replicas: number): UserDeployment => ({
  ...resource,
  spec: { ...resource.spec, services: resource.spec.services.map((service) => ({ ...service, replicas })) },
})

async function applied(kube: KubePort, resource: UserDeployment): Promise<ResourceKey> {
  const key = keyOf(resource)
  await kube.ensureNamespace(key.namespace, {})
  await kube.applyUserDeployment(resource)
  return key
}

const soon = { timeout: 10_000, interval: 20 }

/** Sentence → what shows it. */
const cases: Record<string, (scene: KubeScene) => Promise<void>> = {
  async 'makes a namespace, and changes only the labels that it is told'({ kube, labelsOf }) {
    const { namespace } = keyOf(aUserDeployment())
    await kube.ensureNamespace(namespace, { 'example.com/a': '1', 'example.com/b': '1' })
    await kube.ensureNamespace(namespace, { 'example.com/a': '1', 'example.com/b': '1' })
    await kube.ensureNamespace(namespace, { 'example.com/a': '2', 'example.com/b': '1' })
    expect(await labelsOf(namespace)).toMatchObject({ 'example.com/a': '2', 'example.com/b': '1' })
  },
  async 'counts a generation for every change of the spec, and none for a repetition'({ kube }) {
    const resource = aUserDeployment()
    await kube.ensureNamespace(keyOf(resource).namespace, {})
    const first = await kube.applyUserDeployment(resource)
    expect(first).toMatchObject({ generation: 1, uid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string })
    expect(await kube.applyUserDeployment(resource)).toEqual(first)
    const changed = await kube.applyUserDeployment(scaled(resource, 3))
    expect(changed).toMatchObject({ uid: first.uid, generation: 2 })
    expect(changed.resourceVersion).not.toBe(first.resourceVersion)
  },
  async 'removes what is no longer wanted'({ kube }) {
    const resource = aUserDeployment({ env: [{ name: 'A', value: '1' }] })
    const key = await applied(kube, resource)
    const { spec } = resource
    await kube.applyUserDeployment({
      ...resource,
      spec: { ...spec, services: spec.services.map((one) => ({ ...one, env: [] })) },
    })
    const view = kube.watchUserDeployments()
    await vi.waitFor(() => expect(view.get(key)?.spec.services[0]?.env).toEqual([]), soon)
  },
  async 'shows the latest of every resource, and tells of changes'({ kube }) {
    const view = kube.watchUserDeployments()
    const heard: ResourceKey[] = []
    const stop = view.onChange((key) => heard.push(key))
    const resource = aUserDeployment()
    const key = await applied(kube, resource)
    await vi.waitFor(() => expect(view.get(key)?.spec).toEqual(resource.spec), soon)
    expect(heard).toContainEqual(key)
    expect(view.list().map(({ metadata }) => metadata.name)).toContain(key.name)
    expect(view.freshness()).toMatchObject({ isSynced: true })
    stop()
    heard.length = 0
    await kube.applyUserDeployment(scaled(resource, 2))
    await vi.waitFor(() => expect(view.get(key)?.metadata.generation).toBe(2), soon)
    expect(heard).toEqual([])
  },
  async 'deletes a resource, which stays until its objects are gone'({ kube, finishDeletion }) {
    const view = kube.watchUserDeployments()
    const key = await applied(kube, aUserDeployment())
    expect(await kube.deleteUserDeployment(key)).toBe('deleting')
    await finishDeletion(key)
    await vi.waitFor(() => expect(view.get(key)).toBeUndefined(), soon)
    expect(await kube.deleteUserDeployment(key)).toBe('absent')
  },
  async 'deletes nothing that took the place of what was meant'({ kube }) {
    const view = kube.watchUserDeployments()
    const key = await applied(kube, aUserDeployment())
    expect(await kube.deleteUserDeployment(key, { uid: crypto.randomUUID() })).toBe('absent')
    await vi.waitFor(() => expect(view.get(key)).toBeDefined(), soon)
    const uid = view.get(key)?.metadata.uid ?? ''
    expect(view.get(key)?.metadata.deletionTimestamp).toBeUndefined()
    expect(await kube.deleteUserDeployment(key, { uid })).toBe('deleting')
  },
  async 'shows what it deletes before it is gone, and deletes nothing when that fails'({ kube }) {
    const key = await applied(kube, aUserDeployment())
    const failing = async (): Promise<void> => Promise.reject(new Error('not yet'))
    await expect(kube.deleteUserDeployment(key, { before: failing })).rejects.toThrow('not yet')
    const shown: unknown[] = []
    const before = async (resource: unknown): Promise<void> => void shown.push(resource)
    expect(await kube.deleteUserDeployment(key, { before })).toBe('deleting')
    expect(shown).toMatchObject([{ metadata: { name: key.name } }])
    expect(shown[0]).toHaveProperty('metadata.uid')
    expect(shown[0]).not.toHaveProperty('metadata.deletionTimestamp')
  },
  async 'finds nothing to delete where nothing is'({ kube }) {
    expect(await kube.deleteUserDeployment(keyOf(aUserDeployment()))).toBe('absent')
  },
  async 'takes nothing into a namespace that is not there'({ kube }) {
    const resource = aUserDeployment()
    await expect(kube.applyUserDeployment(resource)).rejects.toMatchObject({ code: 'CLUSTER_UNAVAILABLE' })
    await expect(kube.dryRun(resource)).rejects.toMatchObject({ code: 'CLUSTER_UNAVAILABLE' })
  },
  async 'refuses nonsense, and says of what field'({ kube }) {
    const resource = aUserDeployment()
    await kube.ensureNamespace(keyOf(resource).namespace, {})
    const wrong = scaled(resource, -1)
    await expect(kube.applyUserDeployment(wrong)).rejects.toMatchObject({
      code: 'CLUSTER_REFUSED',
      because: expect.stringContaining('replicas') as string,
    })
    const answer = await kube.dryRun(wrong)
    expect(answer).toEqual({ isAccepted: false, sentence: expect.stringContaining('replicas') as string })
  },
  async 'makes nothing by a dry run'({ kube }) {
    const resource = aUserDeployment()
    const key = keyOf(resource)
    await kube.ensureNamespace(key.namespace, {})
    expect(await kube.dryRun(resource)).toEqual({ isAccepted: true })
    expect(await kube.deleteUserDeployment(key)).toBe('absent')
  },
  async 'lists the pods of one deployment'({ kube, putPod }) {
    const [mine, other] = [await applied(kube, aUserDeployment()), await applied(kube, aUserDeployment())]
    const name = Dns1123Label.parse(`${mine.name}-web-1`)
    await putPod(mine, { name, service: 'web' })
    await putPod(other, { name: Dns1123Label.parse(`${other.name}-web-1`), service: 'web' })
    expect(await kube.listPods(mine)).toEqual([
      expect.objectContaining({
        name,
        service: 'web',
        phase: 'Pending',
        isReady: false,
        isTerminating: false,
      }),
    ])
    expect(await kube.listPods(keyOf(aUserDeployment()))).toEqual([])
  },
  async 'finds what carries our label, and deletes exactly what was seen'({ kube }) {
    const resource = aUserDeployment()
    const key = keyOf(resource)
    const { userId, orgId } = resource.spec.owner
    await kube.ensureNamespace(key.namespace, {
      [LABELS.managedBy]: MANAGED_BY,
      [LABELS.userId]: userId,
      [LABELS.orgId]: orgId,
    })
    await kube.applyUserDeployment(resource)
    const all = await kube.listOwned()
    const ours = all.filter(({ namespace, name }) => [namespace, name].includes(key.namespace))
    expect(ours).toMatchObject([
      { kind: 'Namespace', namespace: undefined, name: key.namespace, isTerminating: false },
      { kind: 'UserDeployment', ...key, labels: resource.metadata.labels, hasOwner: false },
    ])
    const seen = await kube.findOwned({ kind: 'UserDeployment', ...key })
    expect(seen).toEqual(ours[1])
    expect(seen?.createdAt.getTime()).toBeGreaterThan(Date.UTC(2020, 0, 1))
    if (!seen) return
    expect(await kube.deleteOwned({ ...seen, uid: crypto.randomUUID() })).toBe('changed')
    await kube.applyUserDeployment(scaled(resource, 2))
    expect(await kube.deleteOwned(seen)).toBe('changed')
    const removed = async (): Promise<string> => {
      const now = (await kube.findOwned({ kind: 'UserDeployment', ...key })) ?? seen
      expect(now.isTerminating).toBe(false)
      return kube.deleteOwned(now)
    }
    // An operator of another test may write a status between the look and the deletion.
    await expect.poll(removed, { timeout: 30_000 }).toBe('deleting')
    const after = await kube.findOwned({ kind: 'UserDeployment', ...key })
    expect(after?.isTerminating ?? true).toBe(true)
    expect(await kube.findOwned({ kind: 'Service', ...key })).toBeUndefined()
  },
  async 'finds nothing that is not ours'({ kube }) {
    const resource = aUserDeployment()
    const key = await applied(kube, { ...resource, metadata: { ...resource.metadata, labels: {} } })
    expect(await kube.findOwned({ kind: 'UserDeployment', ...key })).toBeUndefined()
    const names = (await kube.listOwned()).map(({ name }) => name)
    expect(names).not.toContain(key.name)
    expect(names).not.toContain(key.namespace)
  },
  async 'says of a log that it is not there'({ kube }) {
    const { namespace } = keyOf(aUserDeployment())
    const [pod, container] = [Dns1123Label.parse('nobody'), Dns1123Label.parse('web')]
    const reading = kube.followLog({ namespace, pod, container }, { signal: new AbortController().signal })
    await expect(collect(reading)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  },
  async 'reads no log for nobody'({ kube }) {
    const { namespace } = keyOf(aUserDeployment())
    const [pod, container] = [Dns1123Label.parse('nobody'), Dns1123Label.parse('web')]
    const signal = AbortSignal.abort(new Error('nobody waits'))
    const reading = kube.followLog({ namespace, pod, container }, { signal })
    await expect(collect(reading)).rejects.toThrow('nobody waits')
  },
  async 'says that it is healthy'({ kube }) {
    expect(await kube.health()).toEqual({ isHealthy: true })
  },
}

/** What every cluster port does, the real one and the fake. */
export function conformsToKubePort(open: () => KubeScene): void {
  it.each(Object.entries(cases))('%s', async (_, show) => {
    await expect(show(open())).resolves.toBeUndefined()
  })
}
