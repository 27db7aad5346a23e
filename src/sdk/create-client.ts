/**
 * Shipyard for programs. Typed by the router: what is wrong does not compile, and what comes back is what the server
 * declares.
 *
 * @example
 * const shipyard = createClient({ url: 'https://shipyard.example.com', token: process.env.SHIPYARD_KEY })
 * const { items } = await shipyard.api.deployments.list.query({ teamId })
 * for await (const item of shipyard.logs(items[0].id)) …
 */
import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
} from '@trpc/client'

import type { AppRouter } from '../rpc/app-router.ts'
import { fetchEventSource } from './fetch-event-source.ts'
import { followLogs, type FollowLogsOptions, type LogItem } from './follow-logs.ts'
import { openTerminal, type OpenTerminalOptions, type Terminal } from './open-terminal.ts'

/** By the token of an API key, or as the session of somebody (`session=…`, as the browser sends it). */
export type ClientOptions = {
  /** Of the server, without a path. */
  readonly url: string
  /** Another one than the platform's, for tests and proxies. */
  readonly fetch?: typeof globalThis.fetch
} & (
  | { readonly token: string; readonly cookie?: never }
  | { readonly cookie: string; readonly token?: never }
)

export interface Client {
  /** Every procedure: `api.deployments.list.query(…)`, `.mutate(…)`, `.subscribe(…)`. */
  readonly api: TRPCClient<AppRouter>
  /** The log of a deployment, of all its containers, until the signal ends it. */
  logs(id: string, options?: FollowLogsOptions): AsyncIterable<LogItem>
  /** A shell in a container of a deployment. A key needs the scope `exec:write`. */
  terminal(id: string, options?: OpenTerminalOptions): Promise<Terminal>
}

/** What a server and the proxies before it take in one address. */
const MAX_URL_LENGTH = 4_000

export function createClient(options: ClientOptions): Client {
  const url = options.url.replace(/\/+$/, '')
  const fetch = options.fetch ?? globalThis.fetch
  const headers = (): Record<string, string> =>
    options.token === undefined
      ? // A session is a browser's, and a browser says where its page is from.
        { cookie: options.cookie, origin: new URL(url).origin }
      : { authorization: `Bearer ${options.token}` }
  const link = { url: `${url}/trpc`, fetch, headers }
  const api = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({ url: link.url, EventSource: fetchEventSource({ fetch, headers }) }),
        false: httpBatchLink({ ...link, maxItems: 10, maxURLLength: MAX_URL_LENGTH }),
      }),
    ],
  })
  const connection = { url, fetch, headers }
  return {
    api,
    logs: (id, given) => followLogs(connection, id, given),
    terminal: async (id, given) => openTerminal(connection, id, given),
  }
}
