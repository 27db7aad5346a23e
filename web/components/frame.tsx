/** What stands around every page of somebody who is signed in. */
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { Outlet, useLocation, useNavigate } from 'react-router'

import { describeError } from '../api/errors.ts'
import { followDeployments } from '../api/live-deployments.ts'
import { MeContext, SessionContext, sessionOf, useSession } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { paths } from '../lib/paths.ts'
import { useHotkeys } from '../lib/use-hotkeys.ts'
import { FaultNotice } from './fault-notice.tsx'
import { Header, HeaderSkeleton } from './header.tsx'
import { PageSkeleton } from './page-skeleton.tsx'
import { SystemNotices } from './system-notices.tsx'

/** Seldom seen: who was taken out of the last team, or deleted the last organisation. */
const WithoutTeam = lazy(async () => ({ default: (await import('./without-team.tsx')).WithoutTeam }))

const MAIN = 'mx-auto w-full max-w-6xl px-4 py-6 outline-none sm:px-6 sm:py-8'

export function Frame() {
  const me = trpc.auth.me.useQuery(undefined, { staleTime: 5 * 60_000 })
  if (me.data) {
    const session = sessionOf(me.data)
    return (
      <MeContext value={me.data}>
        {session ? (
          <SessionContext value={session}>
            <SignedIn />
          </SessionContext>
        ) : (
          <Suspense fallback={<HeaderSkeleton />}>
            <WithoutTeam />
          </Suspense>
        )}
      </MeContext>
    )
  }
  return (
    <>
      <HeaderSkeleton />
      <main className={MAIN}>
        {me.error && !isSignedOut(me.error) ? (
          <FaultNotice
            error={me.error}
            title="Shipyard cannot be opened"
            onRetry={() => void me.refetch()}
            isRetrying={me.isFetching}
          />
        ) : (
          <PageSkeleton />
        )}
      </main>
    </>
  )
}

/** Then the page is about to be left for the one to sign in. */
const isSignedOut = (error: unknown): boolean => describeError(error).status === 401

function SignedIn() {
  const { team } = useSession()
  const { client } = trpc.useUtils()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const main = useFocusOnArrival()

  useEffect(() => followDeployments({ queryClient, client, teamId: team.id }), [queryClient, client, team.id])
  useHotkeys({ c: () => void navigate(paths.templates()) })

  return (
    <>
      <a
        href="#main"
        className="sr-only rounded-control bg-accent-solid px-3 py-2 font-medium text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60"
      >
        Skip to the content
      </a>
      <Header />
      <main id="main" ref={main} tabIndex={-1} className={MAIN}>
        <SystemNotices />
        {/* Another team is another set of pages: nothing of the one before is kept in them. */}
        <Outlet key={team.id} />
      </main>
    </>
  )
}

/** Another page begins at its top, for eyes and for screen readers; the tabs of one page do not. */
function useFocusOnArrival() {
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const page = pathname.split('/', pathname.startsWith('/admin/') ? 2 : 3).join('/')
  const shown = useRef(page)
  useEffect(() => {
    if (shown.current === page) return
    shown.current = page
    scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [page])
  return main
}
