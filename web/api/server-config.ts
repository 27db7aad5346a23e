/** What this installation can do, and how it fares: said to everybody, signed in or not. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query'

import { readPublicError, StreamError } from './errors.ts'

export interface ServerConfig {
  /** `dev`: anybody may sign in with any address. */
  signIn: Record<'dev' | 'google', boolean>
  /** Plans have limits and prices. */
  billing: boolean
}

interface Part {
  isHealthy: boolean
  /** A sentence, when it is not. */
  reason?: string
}

/** The parts that people notice when they are away, or still on their way. */
export interface Readiness {
  parts: Record<'database' | 'vault' | 'cluster', Part>
}

const TIMEOUT_MS = 10_000
const WELL_MS = 60_000
const UNWELL_MS = 4000

/** Not being ready is an answer too, hence 503. */
async function ask<Answer>(path: string, expected: readonly number[]): Promise<Answer> {
  const response = await fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MS) })
  const body: unknown = await response.json()
  if (expected.includes(response.status)) return body as Answer
  const fault = readPublicError(body)
  throw fault ? new StreamError(fault) : new TypeError('fetch failed')
}

export const useServerConfig = (): UseQueryResult<ServerConfig> =>
  useQuery({
    queryKey: ['server-config'],
    queryFn: async () => ask<ServerConfig>('/api/config', [200]),
    staleTime: Number.POSITIVE_INFINITY,
  })

const isWell = (readiness: Readiness | undefined): boolean =>
  readiness === undefined || Object.values(readiness.parts).every(({ isHealthy }) => isHealthy)

/** Asked often while a part is away, so that a page says within seconds that it has come. */
export const useReadiness = (): UseQueryResult<Readiness> =>
  useQuery({
    queryKey: ['readiness'],
    queryFn: async () => ask<Readiness>('/readyz', [200, 503]),
    retry: false,
    refetchInterval: ({ state }) => (isWell(state.data) ? WELL_MS : UNWELL_MS),
  })
