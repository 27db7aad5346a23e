import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'

import { inOrg, inTeam, onDeployment, onPlatform, self } from './procedures.ts'

const Answer = z.object({ a: z.int() })
const Asked = z.object({ orgId: z.string(), name: z.string() })
const audit = { audit: 'none' } as const

it('makes no mutation of what says nothing of the audit', () => {
  const mine = self('self:update').output(Answer)
  const everywhere = onPlatform('garbage:repair').output(Answer)
  const there = inOrg('org:update').output(Answer)
  const team = inTeam('deployment:create').output(Answer)
  const deployment = onDeployment('deployment:update').output(Answer)
  // @ts-expect-error -- no audit shape
  void mine.mutation
  // @ts-expect-error -- no audit shape
  void everywhere.mutation
  // @ts-expect-error -- no audit shape
  void there.mutation
  // @ts-expect-error -- no audit shape
  void there.input(Asked).mutation
  // @ts-expect-error -- no audit shape
  void team.mutation
  // @ts-expect-error -- no audit shape
  void deployment.mutation
  expectTypeOf(there.input(Asked)).toHaveProperty('query')
})

it('makes a mutation, and nothing that reads, of what declares one', () => {
  const changing = inOrg('org:update', audit).output(Answer)
  expectTypeOf(changing).toHaveProperty('mutation')
  expectTypeOf(changing).not.toHaveProperty('query')
  expectTypeOf(changing.input(Asked)).toHaveProperty('mutation')
  expectTypeOf(changing.input(Asked)).not.toHaveProperty('subscription')
})

it('makes nothing at all without a right, or before it is said what is answered', () => {
  // @ts-expect-error -- no right
  void inOrg()
  // @ts-expect-error -- a right of another scope
  void inOrg('deployment:create')
  expectTypeOf(inOrg('org:read')).not.toHaveProperty('query')
  expectTypeOf(inOrg('org:update', audit)).not.toHaveProperty('mutation')
})

it('knows inputs and answers as before', () => {
  const asking = inOrg('org:read').output(Answer).input(Asked)
  asking.query(({ ctx, input }) => {
    expectTypeOf(input.name).toBeString()
    expectTypeOf(ctx.caller.requestId).toBeString()
    return { a: 1 }
  })
  // @ts-expect-error -- answers with something else
  asking.query(() => ({ a: 'one' }))
})
