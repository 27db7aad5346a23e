import { expect, it } from 'vitest'
import { inspectCluster } from '../../deploy/local/existing-cluster.ts'
import { stackEnv } from '../fixtures/cluster.ts'

it('finds External Secrets and Traefik in a cluster that has them', async () => {
  const { version, lacks } = await inspectCluster(stackEnv('KUBECONFIG'))
  expect(version).toMatch(/^v1\.\d+\./)
  expect(lacks).toEqual([])
})
