/** What the API server takes, because CEL cannot see it or it depends on the installation, and the operator does not. */
import { expect, it } from 'vitest'

import { MemoryOperator } from '../testing/memory-operator.ts'
import { putNamespace, putResource, statusOf } from '../testing/populate.ts'
import { aResource, testSettings } from '../testing/resources.ts'

it.each([
  [
    { ingress: { service: 'web', port: 8080, hosts: ['victim.apps.localhost'] } },
    'HostTaken',
    'is the platform',
  ],
  [
    { ingress: { service: 'web', port: 8080, hosts: ['shipyard.example.com'] } },
    'HostTaken',
    'shipyard.example.com is the platform',
  ],
  [{ network: { egress: [{ cidr: '10.1.0.0/16' }] } }, 'InvalidSpec', 'The range 10.1.0.0/16 is private'],
  [
    { owner: { ...aResource().spec.owner, userId: `usr_${'b'.repeat(25)}` } },
    'InvalidSpec',
    'belongs to another user',
  ],
])('refuses %j', async (spec, reason, says) => {
  const operator = new MemoryOperator(testSettings({ BASE_URL: 'https://shipyard.example.com' }))
  const { cluster } = operator
  putNamespace(cluster, aResource())
  const resource = aResource(spec)
  putResource(cluster, resource)
  await operator.settle()
  const status = statusOf(cluster, resource)
  expect(status).toMatchObject({ phase: 'Error', lastError: { reason } })
  expect(status?.lastError?.message).toContain(says)
  expect(cluster.objects.all('Deployment')).toEqual([])
})
