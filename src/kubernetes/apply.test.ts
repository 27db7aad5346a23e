import { afterEach, beforeEach, expect, it } from 'vitest'
import { deleteExactly, getObject, serverSideApply } from './apply.ts'
import type { KubeObject } from './object.ts'
import { defineResource, RESOURCES, resourceOf } from './resources.ts'
import { json, refuse, startFakeServer, type FakeServer } from './testing/fake-server.ts'
import { connectTransport } from './transport.ts'
import type { Transport } from './transport-types.ts'

let server: FakeServer
let transport: Transport
beforeEach(async () => {
  server = await startFakeServer()
  transport = connectTransport({ credentials: server.credentials() })
})
afterEach(async () => {
  await transport.close()
  await server.close()
})

const live = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'a',
    namespace: 'ns',
    uid: 'u',
    resourceVersion: '7',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { x: 'y' },
    annotations: { n: 'm' },
    ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'o' }],
    finalizers: ['f'],
    managedFields: [{}],
  },
  data: { key: 'value' },
}

it('applies our fields and nothing of what the API server keeps', async () => {
  server.answer((_, response) => json(response, 201, live))
  await expect(serverSideApply(transport, { object: live, fieldManager: 'me' })).resolves.toEqual(live)
  const [asked] = server.asked
  expect(asked).toMatchObject({ method: 'PATCH', path: '/api/v1/namespaces/ns/configmaps/a' })
  expect(Object.fromEntries(asked?.query ?? [])).toEqual({ fieldManager: 'me', fieldValidation: 'Strict' })
  expect(asked?.headers['content-type']).toBe('application/apply-patch+yaml')
  const { name, namespace, labels, annotations, ownerReferences, finalizers } = live.metadata
  expect(JSON.parse(asked?.body ?? '')).toEqual({
    ...live,
    metadata: { name, namespace, labels, annotations, ownerReferences, finalizers },
  })
})

it('applies a status, forced, for one version, on trial', async () => {
  const object = { ...live, metadata: { name: 'a', namespace: 'ns' } }
  await serverSideApply(transport, {
    object,
    fieldManager: 'me',
    force: true,
    dryRun: true,
    subresource: 'status',
    onlyIf: { uid: 'u', resourceVersion: '7' },
    resource: RESOURCES.Deployment,
    signal: new AbortController().signal,
  })
  const [asked] = server.asked
  expect(asked?.path).toBe('/apis/apps/v1/namespaces/ns/deployments/a/status')
  expect(asked?.query.get('force')).toBe('true')
  expect(asked?.query.get('dryRun')).toBe('All')
  expect(JSON.parse(asked?.body ?? '')).toMatchObject({ metadata: { uid: 'u', resourceVersion: '7' } })
})

it('deletes exactly what was seen', async () => {
  await expect(deleteExactly(transport, { live })).resolves.toBe(true)
  expect(server.asked[0]).toMatchObject({ method: 'DELETE', path: '/api/v1/namespaces/ns/configmaps/a' })
  expect(JSON.parse(server.asked[0]?.body ?? '')).toMatchObject({
    preconditions: { uid: 'u', resourceVersion: '7' },
    propagationPolicy: 'Background',
  })
  server.answer((_, response) => refuse(response, 404))
  await expect(deleteExactly(transport, { live, propagation: 'Foreground' })).resolves.toBe(false)
  server.answer((_, response) => refuse(response, 409, { reason: 'Conflict' }))
  await expect(deleteExactly(transport, { live })).rejects.toMatchObject({ status: 409 })
})

it('refuses to delete what it never read, and sends nothing', async () => {
  const unread: KubeObject = { ...live, metadata: { name: 'a', namespace: 'ns', uid: 'u' } }
  await expect(deleteExactly(transport, { live: unread })).rejects.toThrow(
    'ConfigMap a cannot be deleted exactly: it was never read.',
  )
  expect(server.asked).toEqual([])
})

it('reads an object, or that there is none', async () => {
  server.answer((_, response) => json(response, 200, live))
  const ref = { name: 'a', namespace: 'ns' }
  await expect(getObject(transport, RESOURCES.ConfigMap, ref)).resolves.toEqual(live)
  server.answer((_, response) => refuse(response, 404))
  await expect(getObject(transport, RESOURCES.ConfigMap, ref)).resolves.toBeUndefined()
  server.answer((_, response) => refuse(response, 403))
  await expect(getObject(transport, RESOURCES.ConfigMap, ref)).rejects.toMatchObject({ status: 403 })
})

it('knows where kinds are served, and says which it does not know', () => {
  expect(resourceOf({ apiVersion: 'apps/v1', kind: 'Deployment' })).toEqual({
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    group: 'apps',
    version: 'v1',
    plural: 'deployments',
    namespaced: true,
  })
  expect(RESOURCES.Namespace).toMatchObject({ group: '', version: 'v1', namespaced: false })
  expect(RESOURCES.UserDeployment).toMatchObject({
    group: 'scheduler.opsnorth.io',
    plural: 'userdeployments',
  })
  expect(defineResource('Widget', { apiVersion: 'x.y/v2', plural: 'widgets' })).toMatchObject({
    group: 'x.y',
  })
  for (const unknown of [
    { apiVersion: 'apps/v1beta1', kind: 'Deployment' },
    { apiVersion: 'v1', kind: 'toString' },
  ]) {
    expect(() => resourceOf(unknown)).toThrow('is not in the table of resources')
  }
})
