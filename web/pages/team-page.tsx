import { useState } from 'react'
import { Link, useParams } from 'react-router'

import type { TeamView } from '../../src/modules/teams/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { RowsSkeleton } from '../components/rows-skeleton.tsx'
import { TeamMemberRow } from '../components/team-member-row.tsx'
import { useOrg } from '../components/use-org.ts'
import { TeamMemberAddDialog } from '../forms/team-member-add.tsx'
import { TeamSettings } from '../forms/team-settings.tsx'
import { paths } from '../lib/paths.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Users } from 'lucide-react'
import { NotFoundPage } from './not-found-page.tsx'

/** A team: who is in it, and its settings. */
export default function TeamPage() {
  const { teamId } = useParams()
  const { org } = useOrg()
  const teams = trpc.teams.list.useQuery({ orgId: org.id })
  if (teams.error) {
    return (
      <FaultNotice
        error={teams.error}
        title="The team cannot be shown"
        onRetry={() => void teams.refetch()}
        isRetrying={teams.isFetching}
      />
    )
  }
  if (!teams.data) return <RowsSkeleton label="Loading the team" />
  const team = teams.data.find(({ id }) => id === teamId)
  return team ? <Team team={team} /> : <NotFoundPage />
}

function Team({ team }: { team: TeamView }) {
  const { org, whyNotInTeam } = useOrg()
  const members = trpc.teams.members.list.useQuery({ teamId: team.id })
  const [isAdding, setAdding] = useState(false)
  const noInvitation = whyNotInTeam('team-member:invite', team.id)
  return (
    <>
      <PageHead
        title={team.name}
        actions={
          <>
            <Link to={`${paths.org(org.id, 'invitations')}?team=${team.id}`} className={buttonClass()}>
              Invite people
            </Link>
            <Button
              variant="primary"
              disabled={noInvitation !== undefined}
              title={noInvitation}
              onClick={() => setAdding(true)}
            >
              Add a member
            </Button>
          </>
        }
      >
        <p className="text-muted">
          <Link to={paths.org(org.id, 'teams')} className="hover:underline">
            Teams
          </Link>{' '}
          of {org.name}
        </p>
      </PageHead>
      <div className="space-y-5">
        {members.error ? (
          <FaultNotice
            error={members.error}
            title="The members cannot be shown"
            onRetry={() => void members.refetch()}
            isRetrying={members.isFetching}
          />
        ) : (
          <Card isFlush title="Members">
            {!members.data && <RowsSkeleton label="Loading the members of the team" />}
            {members.data?.length === 0 && (
              <EmptyState icon={<Users />} title="Nobody is in this team yet">
                Administrators of the organisation see it all the same.
              </EmptyState>
            )}
            <ul aria-label="Members of the team" className="divide-y divide-line">
              {members.data?.map((member) => (
                <TeamMemberRow key={member.userId} teamId={team.id} member={member} />
              ))}
            </ul>
          </Card>
        )}
        <TeamSettings team={team} />
      </div>
      {isAdding && (
        <TeamMemberAddDialog
          orgId={org.id}
          teamId={team.id}
          present={(members.data ?? []).map(({ userId }) => userId)}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  )
}
