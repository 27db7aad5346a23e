/** What a plan, a stage or a suspension means reaches every deployment, also one that is made or written just then. */
import { expect, it, vi } from 'vitest'

import { markDeploymentPushed } from '../../../prisma/sql/mark-deployment-pushed.generated.ts'
import { suspendOrg } from '../../../prisma/sql/suspend-org.generated.ts'
import { stopForBudget } from '../../../prisma/sql/stop-for-budget.generated.ts'
import { aDeployment, by, type Tenant } from '../../testing/builders.ts'
import { waiting } from '../../testing/meet.ts'
import { useWorld } from '../../testing/world.ts'
import { auditOf } from '../access/audit.ts'
import { claim } from '../deployments/claims.ts'
import { foldCustomer } from './fold-customer.ts'
import { anAccount, type Account } from './testing/account.ts'

const world = useWorld({ isBillingEnabled: true })

const CHANGES = {
  async 'another plan'({ customerId }: Account) {
    world.stripe.account.subscribe({ customerId, priceId: 'price_business_month' })
    await foldCustomer({ ...world.deps, stripe: world.stripe }, customerId)
  },
  async 'a suspension'(account: Tenant) {
    const { activityId: _, ...audit } = by(account.userId)
    await world.db.one(suspendOrg, { ...audit, orgId: account.orgId, suspended: true, reason: 'Spam' })
  },
  async 'a budget that is used up'({ orgId }: Tenant) {
    const { activityId: _, ...audit } = auditOf({ name: 'Shipyard (budget)', onBehalfOf: null })
    await world.db.one(stopForBudget, { ...audit, orgId, stopped: true, mailId: null, payload: {} })
  },
}

const isPushed = async (id: string): Promise<boolean> => {
  const row = await world.db.prisma.deployment.findUniqueOrThrow({ where: { id } })
  return row.pushedGeneration === row.generation
}

it.each(Object.entries(CHANGES))('writes anew what is made while %s waits for it', async (_, change) => {
  const account = await anAccount(world)
  let changing: Promise<void> | undefined
  const made = await world.db.withTx(async (tx) => {
    const { deploymentId: id } = await aDeployment(tx, account)
    // As if a server were so quick that it had written the resource in between.
    await tx.prisma.deployment.update({ where: { id }, data: { pushedGeneration: 1 } })
    changing ??= change(account)
    await vi.waitFor(async () => expect(await waiting(world)).toBe(1), { timeout: 20_000, interval: 10 })
    return id
  })
  await changing
  expect(await isPushed(made)).toBe(false)
})

it.each(Object.entries(CHANGES))(
  'writes once more what was being written when %s came',
  async (_, change) => {
    const account = await anAccount(world)
    const { deploymentId } = await aDeployment(world.db, account)
    const claimed = await claim(world.deps, 'one', 100)
    expect(claimed.map((row) => row.deploymentId)).toContain(deploymentId)
    await change(account)
    const mark = async () =>
      world.db.one(markDeploymentPushed, { deploymentId, generation: 1, worker: 'one' })
    await mark()
    expect(await isPushed(deploymentId)).toBe(false)
    expect((await claim(world.deps, 'one', 100)).map((row) => row.deploymentId)).toContain(deploymentId)
    await mark()
    expect(await isPushed(deploymentId)).toBe(true)
  },
)
