import { expectTypeOf, it } from 'vitest'
import { z } from 'zod'

import { inOrg, inTeam, onDeployment, onPlatform, self } from './procedures.ts'

const Answer = z.object({ a: z.int() })
const Asked = z.object({ orgId: z.string(), name: z.string() })
const audit = { audit: 'none' } as const

it('makes no mutation of what says nothing of the audit', () => {
  const reading = inOrg('org:read').output(Answer)
  expectTypeOf(reading).not.toHaveProperty('mutation')
  expectTypeOf(reading.input(Asked)).not.toHaveProperty('mutation')
  expectTypeOf(reading.input(Asked)).toHaveProperty('query')
  // @ts-expect-error -- no audit shape
  void self('self:update')
    .output(Answer)
    .mutation(() => ({ a: 1 }))
  // @ts-expect-error -- no audit shape
  void onPlatform('garbage:repair')
    .output(Answer)
    .input(z.object({}))
    .mutation(() => ({ a: 1 }))
  // @ts-expect-error -- no audit shape
  void inTeam('deployment:create')
    .output(Answer)
    .input(Asked)
    .mutation(() => ({ a: 1 }))
  // @ts-expect-error -- no audit shape
  void onDeployment('deployment:update')
    .output(Answer)
    .mutation(() => ({ a: 1 }))
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
  const procedure = inOrg('org:read')
    .output(Answer)
    .input(Asked)
    .query(({ ctx, input }) => {
      expectTypeOf(input.name).toBeString()
      expectTypeOf(ctx.caller.requestId).toBeString()
      return { a: 1 }
    })
  expectTypeOf(procedure._def.$types.output).toEqualTypeOf<{ a: number }>()
  // @ts-expect-error -- answers with something else
  void inOrg('org:read')
    .output(Answer)
    .query(() => ({ a: 'one' }))
})
