import type { TRPCClient, TRPCLink } from '@trpc/client'
import {
  createTRPCReact,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  type CreateTRPCReact,
} from '@trpc/react-query'

import type { AppRouter } from '../../src/rpc/app-router.ts'

export const trpc: CreateTRPCReact<AppRouter, unknown> = createTRPCReact<AppRouter>()

export type Client = TRPCClient<AppRouter>

const url = '/trpc'

/** Below what servers and proxies take; a batch that would be longer is sent in two. */
const MAX_URL_LENGTH = 4000

/**
 * The library tells a procedure in which direction pages are asked for. Ours go one way, and refuse fields that
 * they do not know.
 */
const withoutDirection: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) => {
    if (typeof op.input !== 'object' || op.input === null || !('direction' in op.input)) return next(op)
    const { direction: _, ...input } = op.input
    return next({ ...op, input })
  }

/** Calls of one moment go together; a subscription is a stream of its own. */
export function createClient(): Client {
  return trpc.createClient({
    links: [
      withoutDirection,
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({ url }),
        false: httpBatchLink({ url, maxItems: 10, maxURLLength: MAX_URL_LENGTH }),
      }),
    ],
  })
}
