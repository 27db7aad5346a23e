import { Users } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'

import type { TeamView } from '../../src/modules/teams/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { TEAM_ROLE_NAMES } from '../components/role-names.ts'
import { RowsSkeleton } from '../components/rows-skeleton.tsx'
import { useOrg } from '../components/use-org.ts'
import { TeamCreateDialog } from '../forms/team-create.tsx'
import { count } from '../lib/format.ts'
import { paths } from '../lib/paths.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

export default function OrgTeamsPage() {
  const { org, whyNot } = useOrg()
  const teams = trpc.teams.list.useQuery({ orgId: org.id })
  const [isCreating, setCreating] = useState(false)
  const noTeam = whyNot('team:create')
  return (
    <>
      <PageHead
        title="Teams"
        actions={
          <Button
            variant="primary"
            disabled={noTeam !== undefined}
            title={noTeam}
            onClick={() => setCreating(true)}
          >
            Create a team
          </Button>
        }
      >
        <p className="text-muted">Each deployment belongs to a team, and only its members see it.</p>
      </PageHead>
      {teams.error && (
        <FaultNotice
          error={teams.error}
          title="The teams cannot be shown"
          onRetry={() => void teams.refetch()}
          isRetrying={teams.isFetching}
        />
      )}
      {!teams.error && (
        <Card isFlush>
          {teams.data ? <Teams teams={teams.data} /> : <RowsSkeleton label="Loading the teams" />}
        </Card>
      )}
      {isCreating && <TeamCreateDialog orgId={org.id} onClose={() => setCreating(false)} />}
    </>
  )
}

function Teams({ teams }: { teams: readonly TeamView[] }) {
  if (teams.length === 0) {
    return (
      <EmptyState icon={<Users />} title="You are in no team of this organisation">
        Ask an administrator to take you into one.
      </EmptyState>
    )
  }
  return (
    <ul aria-label="Teams" className="divide-y divide-line">
      {teams.map((team) => (
        <li key={team.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3">
          <div className="min-w-0 flex-1 basis-64">
            <p className="flex flex-wrap items-center gap-2">
              <Link
                to={paths.team(team.orgId, team.id)}
                className="font-medium wrap-anywhere hover:underline"
              >
                {team.name}
              </Link>
              {team.role !== null && <Badge>You: {TEAM_ROLE_NAMES[team.role]}</Badge>}
            </p>
            <p className="figures text-muted">
              {count(team.members, 'member')} · {count(team.deployments, 'deployment')}
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}
