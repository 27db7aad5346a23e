import type { InvitationView } from '../../src/modules/invitations/schema.ts'
import { describeError } from '../api/errors.ts'
import { trpc } from '../api/trpc.ts'
import { useNow } from '../lib/clock.ts'
import { formatInstant, formatUntil } from '../lib/format.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { showToast } from '../ui/toast.tsx'
import { Age } from './age.tsx'
import { invitationWord } from './invitation-words.ts'
import { TEAM_ROLE_NAMES } from './role-names.ts'
import { useOrg } from './use-org.ts'

interface RowProps {
  invitation: InvitationView
  /** Where no mail is sent: the new link, to hand over. */
  onLink: (link: string) => void
}

/** Who was invited to what, how that fares, and what can be done about it. */
export function InvitationRow({ invitation, onLink }: RowProps) {
  const { email, teamName, role, orgRole, state, invitedByName, createdAt, mailProblem } = invitation
  const { word, tone } = invitationWord(invitation)
  const isOpen = state === 'open' || state === 'expired'
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium wrap-anywhere">{email}</span>
          <Badge tone={tone}>{word}</Badge>
        </p>
        <p className="text-muted wrap-anywhere">
          {teamName}: {TEAM_ROLE_NAMES[role]}
          {orgRole === 'org_admin' && ', administrator of the organisation'} · by {invitedByName}{' '}
          <Age at={createdAt} />
          {state === 'open' && <Term at={invitation.expiresAt} />}
        </p>
        {isOpen && mailProblem !== null && <p className="text-bad wrap-anywhere">{mailProblem}</p>}
      </div>
      {isOpen && <Actions invitation={invitation} onLink={onLink} />}
    </li>
  )
}

function Term({ at }: { at: string }) {
  const now = useNow()
  return (
    <>
      {' · '}
      <time dateTime={at} title={formatInstant(at)} className="figures whitespace-nowrap">
        runs out {formatUntil(at, now)}
      </time>
    </>
  )
}

function Actions({ invitation: { id, teamId, email }, onLink }: RowProps) {
  const { whyNotInTeam } = useOrg()
  const utils = trpc.useUtils()
  const failed = (title: string) => ({
    onError: (error: unknown) => showToast({ tone: 'bad', title, detail: describeError(error).sentence }),
    onSettled: () => void utils.invitations.invalidate(),
  })
  const resend = trpc.invitations.resend.useMutation({
    ...failed('It was not sent again'),
    onSuccess: ({ link }) =>
      link === null
        ? showToast({ tone: 'good', title: `Another mail is on its way to ${email}` })
        : onLink(link),
  })
  const revoke = trpc.invitations.revoke.useMutation({
    ...failed('It was not taken back'),
    onSuccess: () => showToast({ tone: 'good', title: `The invitation of ${email} is taken back` }),
  })
  const noResend = whyNotInTeam('team-member:invite', teamId)
  const noRevoke = whyNotInTeam('team-member:remove', teamId)
  const asked = { teamId, invitationId: id }
  return (
    <div className="flex gap-2">
      <Button
        disabled={noResend !== undefined}
        title={noResend}
        isBusy={resend.isPending}
        aria-label={`Send the invitation of ${email} again`}
        onClick={() => resend.mutate(asked)}
      >
        Send again
      </Button>
      <Button
        disabled={noRevoke !== undefined}
        title={noRevoke}
        isBusy={revoke.isPending}
        aria-label={`Take back the invitation of ${email}`}
        onClick={() => revoke.mutate(asked)}
      >
        Take back
      </Button>
    </div>
  )
}
