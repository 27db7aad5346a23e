import { expect, it } from 'vitest'
import { rootPath, resourcePath } from './path.ts'
import { RESOURCES } from './resources.ts'
import { newNamespace, realTransport } from './testing/real-cluster.ts'
import { errorOf } from './testing/transport-pair.ts'

it('makes at most 20 TLS handshakes for 10,000 calls', async () => {
  const transport = realTransport()
  const path = resourcePath({ ...RESOURCES.Namespace, name: 'default' })
  let left = 10_000
  const caller = async (): Promise<void> => {
    while (left-- > 0) await transport.request({ method: 'GET', path })
  }
  await Promise.all(Array.from({ length: 32 }, caller))
  expect(transport.counts).toMatchObject({ requests: 10_000, retries: 0 })
  expect(transport.counts.handshakes).toBeLessThanOrEqual(20)
}, 180_000)

it('understands how the API server refuses', async () => {
  const transport = realTransport()
  const namespace = await newNamespace(transport)
  const collection = { ...RESOURCES.ConfigMap, namespace }
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
  const create = { method: 'POST', path: resourcePath(collection), body } as const
  await transport.request(create)
  expect(await errorOf(transport.request(create))).toMatchObject({ status: 409, reason: 'AlreadyExists' })
  const missing = { method: 'GET', path: resourcePath({ ...collection, name: 'b' }) } as const
  expect(await errorOf(transport.request(missing))).toMatchObject({
    status: 404,
    reason: 'NotFound',
    details: { name: 'b', kind: 'configmaps' },
  })
  const invalid = { ...create, body: { ...body, metadata: { name: 'Not A Name' } } }
  expect(await errorOf(transport.request(invalid))).toMatchObject({
    status: 422,
    reason: 'Invalid',
    details: { causes: [{ field: 'metadata.name' }] },
  })
})

it('reads the paths that name no resource', async () => {
  await expect(realTransport().request({ method: 'GET', path: rootPath('/version') })).resolves.toMatchObject(
    {
      gitVersion: expect.stringMatching(/^v1\./),
    },
  )
})
