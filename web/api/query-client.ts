import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'

import { describeError, isPassing } from './errors.ts'

const MAX_TRIES = 3

interface Options {
  /** The session has ended, or there never was one. */
  onSignedOut: () => void
}

/** The one cache of a tab. Streams write into it; pages read it and nothing else. */
export function createQueryClient({ onSignedOut }: Options): QueryClient {
  const onError = (error: unknown) => {
    if (describeError(error).status === 401) onSignedOut()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // The stream says what changes; a question is only asked again when it was long ago.
        staleTime: 30_000,
        retry: (failures, error) => failures < MAX_TRIES && isPassing(describeError(error)),
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4000),
      },
      // A change is repeated by whoever asked for it: they see the sentence, and the id makes it harmless.
      mutations: { retry: false },
    },
  })
}
