import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { BrowserRouter } from 'react-router'

import { createQueryClient } from './api/query-client.ts'
import { createClient, trpc } from './api/trpc.ts'
import { paths } from './lib/paths.ts'
import { Pages } from './routes.tsx'
import { Toasts } from './ui/toast.tsx'

const client = createClient()

/** Away from a session that has ended, and back to this very place after signing in. */
function toSignIn(): void {
  const { pathname, search } = location
  if (pathname.startsWith(paths.signIn())) return
  location.assign(paths.signIn(pathname + search))
}

const queryClient = createQueryClient({ onSignedOut: toSignIn })

export function App() {
  return (
    <StrictMode>
      <trpc.Provider client={client} queryClient={queryClient}>
        <QueryClientProvider client={queryClient}>
          <BrowserRouter>
            <Pages />
          </BrowserRouter>
          <Toasts />
        </QueryClientProvider>
      </trpc.Provider>
    </StrictMode>
  )
}
