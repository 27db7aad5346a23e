import { Mail } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'react-router'

import type { InvitationView } from '../../src/modules/invitations/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { InvitationRow } from '../components/invitation-row.tsx'
import { LinkDialog } from '../components/link-dialog.tsx'
import { PageHead } from '../components/page-head.tsx'
import { RowsSkeleton } from '../components/rows-skeleton.tsx'
import { whoMay } from '../components/role-names.ts'
import { useOrg } from '../components/use-org.ts'
import { InviteDialog } from '../forms/invite.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

/** While a letter is on its way, what becomes of it is looked at. */
const LOOK_MS = 3_000

/** The invitations, and the teams to which one may invite. */
function useInvitations() {
  const { org, whyNotInTeam } = useOrg()
  const teams = trpc.teams.list.useQuery({ orgId: org.id })
  const invitations = trpc.invitations.list.useQuery(
    { orgId: org.id },
    { refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? LOOK_MS : false) },
  )
  const mine = (teams.data ?? []).filter(({ id }) => whyNotInTeam('team-member:invite', id) === undefined)
  return {
    invitations: invitations.data,
    mine,
    whyNone: teams.data && mine.length === 0 ? whoMay('team-member:invite') : undefined,
    error: invitations.error ?? teams.error,
    isFetching: invitations.isFetching || teams.isFetching,
    refetch: () => void Promise.all([invitations.refetch(), teams.refetch()]),
  }
}

export default function OrgInvitationsPage() {
  const [parameters] = useSearchParams()
  const [isInviting, setInviting] = useState(false)
  const [link, setLink] = useState<string>()
  const { invitations, mine, whyNone, error, isFetching, refetch } = useInvitations()
  return (
    <>
      <PageHead
        title="Invitations"
        actions={
          <Button
            variant="primary"
            disabled={mine.length === 0}
            title={whyNone}
            onClick={() => setInviting(true)}
          >
            Invite somebody
          </Button>
        }
      >
        <p className="text-muted">Those that are open, and what became of the others in the last 30 days.</p>
      </PageHead>
      {error ? (
        <FaultNotice
          error={error}
          title="The invitations cannot be shown"
          onRetry={refetch}
          isRetrying={isFetching}
        />
      ) : (
        <Card isFlush>
          {invitations ? (
            <Invitations invitations={invitations} whyNone={whyNone} onLink={setLink} />
          ) : (
            <RowsSkeleton label="Loading the invitations" />
          )}
        </Card>
      )}
      {isInviting && (
        <InviteDialog
          teams={mine}
          teamId={parameters.get('team')}
          onLink={setLink}
          onClose={() => setInviting(false)}
        />
      )}
      {link !== undefined && <LinkDialog link={link} onClose={() => setLink(undefined)} />}
    </>
  )
}

const isUnderWay = ({ state, mail }: InvitationView): boolean =>
  state === 'open' && (mail === 'waiting' || mail === 'failed')

interface InvitationsProps {
  invitations: readonly InvitationView[]
  whyNone: string | undefined
  onLink: (link: string) => void
}

function Invitations({ invitations, whyNone, onLink }: InvitationsProps) {
  if (invitations.length === 0) {
    return (
      <EmptyState icon={<Mail />} title="Nobody is invited">
        {whyNone ?? 'Invite somebody by their address: they get a mail with a link.'}
      </EmptyState>
    )
  }
  return (
    <ul aria-label="Invitations" className="divide-y divide-line">
      {invitations.map((invitation) => (
        <InvitationRow key={invitation.id} invitation={invitation} onLink={onLink} />
      ))}
    </ul>
  )
}
