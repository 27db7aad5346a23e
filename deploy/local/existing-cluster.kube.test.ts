import { expect, inject, it } from 'vitest'
import { inspectCluster } from './existing-cluster.ts'

it('says what a bare cluster lacks', async () => {
  const { lacks } = await inspectCluster(inject('stackEnv')['KUBECONFIG'] ?? '')
  expect(lacks).toEqual([
    'It has no External Secrets Operator (kind ExternalSecret): apps with secrets will wait for it.',
    'It has no IngressClass named traefik: apps will get no address.',
  ])
})
