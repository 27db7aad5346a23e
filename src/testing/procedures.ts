/** What every procedure says of itself, for tests that walk them all. */
import { appRouter } from '../rpc/app-router.ts'
import type { Meta } from '../rpc/meta.ts'

export interface DeclaredProcedure {
  readonly type: 'query' | 'mutation' | 'subscription'
  readonly meta: Meta
  readonly inputs: readonly { readonly shape?: object }[]
  readonly output?: unknown
}

/** By path, such as `deployments.create`. */
export const declaredProcedures: [path: string, DeclaredProcedure][] = Object.entries(
  appRouter._def.procedures,
).map(([path, procedure]) => [path, (procedure as unknown as { _def: DeclaredProcedure })._def])
