import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { expectTypeOf, it } from 'vitest'

import type { AppRouter } from '../rpc/app-router.ts'
import { createClient } from './create-client.ts'

type Inputs = inferRouterInputs<AppRouter>
type Outputs = inferRouterOutputs<AppRouter>

const client = createClient({ url: 'https://shipyard.example.com', token: 'shp_x' })
const { deployments } = client.api

type Create = Inputs['deployments']['create']
type List = Inputs['deployments']['list']
type Options = Parameters<typeof createClient>[0]

it('takes credentials of one kind', () => {
  expectTypeOf<{ url: string }>().not.toExtend<Options>()
  expectTypeOf<{ url: string; token: string; cookie: string }>().not.toExtend<Options>()
  expectTypeOf<{ url: string; cookie: string }>().toExtend<Options>()
})

it('does not compile with a wrong input', () => {
  expectTypeOf<{ teamId: string }>().toExtend<List>()
  expectTypeOf<{ teamId: number }>().not.toExtend<List>()
  expectTypeOf<{ limit: number }>().not.toExtend<List>()
  expectTypeOf<{ teamId: string; phases: 'Sleeping'[] }>().not.toExtend<List>()
  type Form = { teamId: string; id: string; displayName: string; templateId: string }
  expectTypeOf<Form>().toExtend<Create>()
  expectTypeOf<Form & { visibility: 'secret' }>().not.toExtend<Create>()
  expectTypeOf<Form & { env: { A: number } }>().not.toExtend<Create>()
})

it('has the procedures that there are, each in its way', () => {
  expectTypeOf(deployments.list).not.toHaveProperty('mutate')
  expectTypeOf(deployments.create).not.toHaveProperty('query')
  expectTypeOf(deployments).not.toHaveProperty('explode')
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
            ? { [Key in keyof T]-?: Leaks<T[Key]> }[keyof T]
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
