/** The status is the operator's own, whoever wrote into it. */
import { afterAll, beforeAll, expect, it } from 'vitest'

import { openCluster } from '../../e2e/fixtures/cluster.ts'
import {
  createTenant,
  deploy,
  installOperator,
  startOperator,
  takeTurn,
  TURN_TIMEOUT_MS,
  type Deployed,
  type RunningOperator,
} from '../../e2e/fixtures/operator.ts'
import { API_VERSION, PLURALS } from '../../src/contract/crd/meta.ts'

const cluster = openCluster()
let operator: RunningOperator
let endTurn: () => Promise<void>

beforeAll(async () => {
  endTurn = await takeTurn(cluster)
  await installOperator(cluster)
  operator = await startOperator()
}, TURN_TIMEOUT_MS)
afterAll(async () => {
  await operator.stop()
  await endTurn()
  await cluster.close()
})

/** As an administrator, whom no policy keeps from it: the fields are that one's from then on. */
async function writeStatus({ name, namespace }: Deployed, status: object): Promise<void> {
  const path = `/apis/${API_VERSION}/namespaces/${namespace}/${PLURALS.UserDeployment}/${name}/status`
  const content = JSON.stringify({ status })
  await cluster.call('PATCH', path, { type: 'application/merge-patch+json', content })
}

it('writes its own word over that of somebody else', { timeout: 60_000 }, async () => {
  const deployed = await deploy(cluster, await createTenant(cluster), {})
  // No pod runs here, so that it stays under way.
  await deployed.until(20_000, ({ phase }) => phase === 'Provisioning')
  await writeStatus(deployed, { phase: 'Ready', observedGeneration: 99, readyRevision: 7 })
  const mended = await deployed.until(20_000, ({ observedGeneration }) => observedGeneration !== 99)
  expect(mended.phase).toBe('Provisioning')
})
