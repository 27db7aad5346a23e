import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { expectTypeOf, it } from 'vitest'

import type { AppRouter } from '../rpc/app-router.ts'
import { createClient } from './create-client.ts'

type Inputs = inferRouterInputs<AppRouter>
type Outputs = inferRouterOutputs<AppRouter>

const client = createClient({ url: 'https://shipyard.example.com', apiKey: 'shp_x' })
const { deployments } = client.api

it('takes credentials of one kind', () => {
  // @ts-expect-error neither key nor cookie
  createClient({ url: 'https://x' })
  // @ts-expect-error both
  createClient({ url: 'https://x', apiKey: 'a', cookie: 'b' })
})

it('does not compile with a wrong input', () => {
  // @ts-expect-error a team's id is a text
  void deployments.list.query({ teamId: 5 })
  // @ts-expect-error the place is missing
  void deployments.list.query({})
  // @ts-expect-error no such visibility
  void deployments.create.mutate({ teamId: 't', id: 'd', displayName: 'x', templateId: 'p', visibility: 'secret' })
  // @ts-expect-error no such procedure
  void deployments.explode.mutate({})
  // @ts-expect-error a query is not a mutation
  void deployments.list.mutate({ teamId: 't' })
  // @ts-expect-error no such phase
  void deployments.list.query({ teamId: 't', phases: ['Sleeping'] })
})

it('gives what the server declares', () => {
  expectTypeOf<Outputs['deployments']['list']['items'][number]['phase']>().toEqualTypeOf<
    'Pending' | 'Provisioning' | 'Ready' | 'Error' | 'Deleting'
  >()
  expectTypeOf<Inputs['deployments']['updateEnv']['service']>().toEqualTypeOf<string>()
  deployments.onChange.subscribe(
    { teamId: 't' },
    {
      onData: ({ id, data }) => {
        expectTypeOf(id).toEqualTypeOf<string>()
        expectTypeOf(data.kind).toEqualTypeOf<'changed' | 'removed'>()
      },
    },
  )
})

/** Whether a type has a `Date`, a `Buffer`, `any` or one of Prisma's own somewhere: what comes over the wire has none. */
type IsAny<T> = 0 extends 1 & T ? true : false
type Leaks<T> =
  IsAny<T> extends true
    ? true
    : T extends Date | Buffer | bigint | { toJSON: unknown } | ((...given: never) => unknown)
      ? true
      : T extends string | number | boolean | null | undefined
        ? never
        : T extends readonly (infer Item)[]
          ? Leaks<Item>
          : T extends object
            ? { [Key in keyof T]: Leaks<T[Key]> }[keyof T]
            : never

it('leaks no type of the database', () => {
  expectTypeOf<Leaks<{ at: Date }>>().toEqualTypeOf<true>()
  expectTypeOf<Leaks<Outputs['deployments']['list']>>().toEqualTypeOf<never>()
  expectTypeOf<Leaks<Outputs['deployments']['get']>>().toEqualTypeOf<never>()
  expectTypeOf<Leaks<Outputs['deployments']['activity']['items'][number]['at']>>().toEqualTypeOf<never>()
  expectTypeOf<Leaks<Outputs['auth']['me']>>().toEqualTypeOf<never>()
  expectTypeOf<Leaks<Outputs['orgs']>>().toEqualTypeOf<never>()
  expectTypeOf<Leaks<Outputs['teams']>>().toEqualTypeOf<never>()
  expectTypeOf<Leaks<Outputs['templates']>>().toEqualTypeOf<never>()
  expectTypeOf<Leaks<Outputs['secrets']>>().toEqualTypeOf<never>()
})
