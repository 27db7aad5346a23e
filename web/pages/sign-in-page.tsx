import { useSearchParams } from 'react-router'

import { isSignInProblem, SIGN_IN_FAILED, SIGN_IN_PROBLEMS } from '../../src/contract/sign-in-problems.ts'
import { useServerConfig, type ServerConfig } from '../api/server-config.ts'
import { Brand } from '../components/brand.tsx'
import { FaultNotice } from '../components/fault-notice.tsx'
import { SignInForm } from '../forms/sign-in.tsx'
import { count } from '../lib/format.ts'
import { safeRedirect, serverPaths } from '../lib/paths.ts'
import { useTitle } from '../lib/use-title.ts'
import { buttonClass } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

export default function SignInPage() {
  useTitle('Sign in')
  const [parameters] = useSearchParams()
  const redirect = safeRedirect(parameters.get('redirect'))
  const config = useServerConfig()
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex flex-col items-center gap-3 text-center">
          <span className="[&>svg]:size-11">
            <Brand />
          </span>
          <div className="space-y-1">
            <h1 className="text-xl font-semibold tracking-tight">Sign in to Shipyard</h1>
            <p className="text-muted">Deploy apps of many services to Kubernetes from templates.</p>
          </div>
        </div>
        <div className="min-h-40 space-y-4 rounded-card border border-line bg-surface p-5 shadow-card">
          <Problem
            code={parameters.get('problem')}
            requestId={parameters.get('request')}
            wait={parameters.get('wait')}
          />
          {config.data && <Ways ways={config.data.signIn} redirect={redirect} />}
          {config.error && (
            <FaultNotice
              error={config.error}
              onRetry={() => void config.refetch()}
              isRetrying={config.isFetching}
            />
          )}
          {config.isPending && <WaysSkeleton />}
        </div>
      </div>
    </main>
  )
}

/** Why one came back without being signed in. The address names it; the words are ours, whatever stands there. */
function Problem({ code, requestId, wait }: Record<'code' | 'requestId' | 'wait', string | null>) {
  if (code === null) return null
  const isDenied = code === 'SIGN_IN_DENIED'
  return (
    <Notice tone={isDenied ? 'neutral' : 'bad'} role="alert">
      <p>
        {isSignInProblem(code) ? SIGN_IN_PROBLEMS[code] : SIGN_IN_FAILED}
        {code === 'RATE_LIMITED' && ` Try again in ${count(secondsOf(wait), 'second')}.`}
      </p>
      {!isDenied && requestId !== null && REQUEST_ID.test(requestId) && (
        <p className="mt-1 text-xs text-muted">
          Request <code className="font-mono">{requestId}</code>
        </p>
      )}
    </Notice>
  )
}

/** What stands in the address, if it can be true; else as long as it may take. */
const secondsOf = (wait: string | null): number =>
  wait !== null && /^[1-9]\d?$/.test(wait) ? Number(wait) : 60

const REQUEST_ID = /^req_[a-z2-7]{25}$/

function WaysSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="space-y-4">
      <Skeleton className="h-5 w-16" />
      <Skeleton className="h-8 w-full" />
      <Skeleton className="h-8 w-full" />
    </div>
  )
}

function Ways({ ways, redirect }: { ways: ServerConfig['signIn']; redirect: string }) {
  if (!ways.google && !ways.dev) {
    return (
      <Notice tone="warn" title="Nobody can sign in here">
        <p>This server has no way to sign in. Ask whoever runs it.</p>
      </Notice>
    )
  }
  return (
    <>
      {ways.google && (
        <a href={serverPaths.login(redirect)} className={buttonClass('secondary', 'w-full')}>
          <GoogleMark />
          Continue with Google
        </a>
      )}
      {ways.google && ways.dev && (
        <p className="flex items-center gap-3 text-xs text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
          or
        </p>
      )}
      {ways.dev && <SignInForm redirect={redirect} />}
    </>
  )
}

function GoogleMark() {
  return (
    <svg viewBox="0 0 18 18" aria-hidden="true" className="size-4">
      <path
        fill="#4285f4"
        d="M17.6 9.2c0-.6-.1-1.2-.2-1.8H9v3.5h4.8a4.1 4.1 0 0 1-1.8 2.7v2.3h2.9c1.7-1.6 2.7-3.9 2.7-6.7z"
      />
      <path
        fill="#34a853"
        d="M9 18c2.4 0 4.5-.8 6-2.2l-2.9-2.3c-.8.5-1.8.9-3.1.9-2.4 0-4.4-1.6-5.1-3.7h-3v2.3A9 9 0 0 0 9 18z"
      />
      <path fill="#fbbc05" d="M3.9 10.7a5.4 5.4 0 0 1 0-3.4V5h-3a9 9 0 0 0 0 8.1z" />
      <path
        fill="#ea4335"
        d="M9 3.6c1.3 0 2.5.5 3.4 1.3L15 2.3A9 9 0 0 0 .9 5l3 2.3C4.6 5.2 6.6 3.6 9 3.6z"
      />
    </svg>
  )
}
