import { expect, it } from 'vitest'
import { rootPath, resourcePath } from './path.ts'
import { RESOURCES } from './resources.ts'
import { newNamespace, realTransport } from './testing/real-cluster.ts'
import { errorOf } from './testing/transport-pair.ts'

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
