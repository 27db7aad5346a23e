import { expect, it } from 'vitest'
import { z } from 'zod'

import { newId } from '../contract/ids.ts'
import type { Actor } from '../modules/access/actor.ts'
import type { Context } from './context.ts'
import { t } from './init.ts'
import { router, self } from './procedures.ts'

const actor: Actor = {
  kind: 'user',
  userId: newId('usr'),
  email: 'ada@example.com',
  name: 'Ada',
  avatarUrl: null,
  isPlatformAdmin: false,
  orgs: [],
  teams: [],
}

/** Asks a procedure that answers so, and declares to answer with `a`. */
async function ask(answer: object, a: z.ZodType = z.int()): Promise<unknown> {
  const procedure = self('self:read')
    .output(z.object({ a }) as z.ZodType<object>)
    .query(() => answer)
  const find = async () => ({ actor, scope: undefined })
  const context = { find, findAgain: find, requestId: 'req_test' } as unknown as Context
  return t.createCallerFactory(router({ procedure }))(context).procedure()
}

it('answers with what is declared, and with nothing else', async () => {
  expect(await ask({ a: 1, b: 'a secret' })).toEqual({ a: 1 })
})

it('fails when it would answer with something else', async () => {
  await expect(ask({ a: 'one' })).rejects.toThrow('Output validation failed')
})

it('checks at once what it answers with: a schema that has to be waited for is a mistake', async () => {
  const waiting = z.int().refine(async () => Promise.resolve(true))
  await expect(ask({ a: 1 }, waiting)).rejects.toThrow('Output validation failed')
})
