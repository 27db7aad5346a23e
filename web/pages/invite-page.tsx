import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSearchParams } from 'react-router'

import type { InvitationPreview } from '../../src/modules/invitations/schema.ts'
import { describeError } from '../api/errors.ts'
import { signOut } from '../api/sign-in.ts'
import { trpc } from '../api/trpc.ts'
import { Brand } from '../components/brand.tsx'
import { FaultNotice } from '../components/fault-notice.tsx'
import { TEAM_ROLE_HINTS, TEAM_ROLE_NAMES } from '../components/role-names.ts'
import { formatInstant } from '../lib/format.ts'
import { paths } from '../lib/paths.ts'
import { useTitle } from '../lib/use-title.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

/** Where the link of an invitation leads. Who is not signed in comes here after signing in. */
export default function InvitePage() {
  useTitle('Invitation')
  const [parameters] = useSearchParams()
  const token = parameters.get('token') ?? ''
  const invitation = trpc.invitations.preview.useQuery({ token }, { staleTime: Number.POSITIVE_INFINITY })
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-md">
        <div className="mb-6 flex flex-col items-center gap-3 text-center">
          <span className="[&>svg]:size-11">
            <Brand />
          </span>
          <h1 className="text-xl font-semibold tracking-tight">An invitation to Shipyard</h1>
        </div>
        <div className="min-h-40 space-y-4 rounded-card border border-line bg-surface p-5 shadow-card">
          {invitation.data && <Invitation invitation={invitation.data} token={token} />}
          {invitation.error && <Trouble error={invitation.error} token={token} />}
          {invitation.isPending && (
            <div role="status" aria-label="Loading" className="space-y-4">
              <Skeleton className="h-5 w-56" />
              <Skeleton className="h-4 w-full" />
              <Skeleton className="h-8 w-full" />
            </div>
          )}
        </div>
      </div>
    </main>
  )
}

interface InvitationProps {
  invitation: InvitationPreview
  token: string
}

function Invitation({ invitation, token }: InvitationProps) {
  const { orgName, teamId, teamName, role, orgRole, invitedByName, email, expiresAt, isAccepted } = invitation
  // A page of its own, so that it is asked anew who one is and where one may be.
  const enter = trpc.teams.setCurrent.useMutation({ onSettled: () => location.assign(paths.deployments()) })
  const accept = trpc.invitations.accept.useMutation({ onSuccess: () => enter.mutate({ teamId }) })
  if (isAccepted) {
    return (
      <Told title={`You are a member of ${orgName}`} text="You have accepted this invitation before.">
        <Button
          variant="primary"
          className="w-full"
          isBusy={enter.isPending}
          onClick={() => enter.mutate({ teamId })}
        >
          Go to {teamName}
        </Button>
      </Told>
    )
  }
  return (
    <Told
      title={`${invitedByName} invites you to ${orgName}`}
      text={
        <>
          You join the team {teamName} as {TEAM_ROLE_NAMES[role].toLowerCase()}, who {TEAM_ROLE_HINTS[role]}
          {orgRole === 'org_admin' && ', and become an administrator of the organisation'}. The invitation is
          for {email} and runs out at {formatInstant(expiresAt)}.
        </>
      }
    >
      <Button
        variant="primary"
        className="w-full"
        isBusy={accept.isPending || accept.isSuccess}
        onClick={() => accept.mutate({ token })}
      >
        Accept
      </Button>
      <a href={paths.deployments()} className={buttonClass('ghost', 'w-full')}>
        Not now
      </a>
      {accept.error && <FaultNotice error={accept.error} title="You have not joined yet" />}
    </Told>
  )
}

/** Why the link does not work, and what helps. */
function Trouble({ error, token }: { error: unknown; token: string }) {
  const { code, sentence, status } = describeError(error)
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => location.assign(paths.signIn(paths.invite(token))),
  })
  // The page for signing in is on its way, and leads back here.
  if (status === 401) return <Skeleton className="h-5 w-56" />
  if (!code.startsWith('INVITATION_'))
    return <FaultNotice error={error} title="The invitation cannot be shown" />
  return (
    <Told title="This link does not let you in" text={sentence}>
      {code === 'INVITATION_FOR_ANOTHER' && (
        <Button
          variant="primary"
          className="w-full"
          isBusy={leave.isPending || leave.isSuccess}
          onClick={() => leave.mutate()}
        >
          Sign in with another address
        </Button>
      )}
      <a href={paths.deployments()} className={buttonClass('secondary', 'w-full')}>
        To my deployments
      </a>
      {leave.error && <FaultNotice error={leave.error} title="You are still signed in" />}
    </Told>
  )
}

function Told({ title, text, children }: { title: string; text: ReactNode; children: ReactNode }) {
  return (
    <>
      <div className="space-y-1">
        <h2 className="text-base font-semibold wrap-anywhere">{title}</h2>
        <p className="text-muted wrap-anywhere">{text}</p>
      </div>
      <div className="space-y-2">{children}</div>
    </>
  )
}
