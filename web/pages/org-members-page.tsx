import { useState } from 'react'
import { Link } from 'react-router'

import type { MemberView } from '../../src/modules/members/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { MemberRow } from '../components/member-row.tsx'
import { PageHead } from '../components/page-head.tsx'
import { RowsSkeleton } from '../components/rows-skeleton.tsx'
import { useOrg } from '../components/use-org.ts'
import { MemberRemoveDialog } from '../forms/member-remove.tsx'
import { paths } from '../lib/paths.ts'
import { buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'

export default function OrgMembersPage() {
  const { org } = useOrg()
  const members = trpc.members.list.useQuery({ orgId: org.id })
  const [leaver, setLeaver] = useState<MemberView>()
  return (
    <>
      <PageHead
        title="Members"
        actions={
          <Link to={paths.org(org.id, 'invitations')} className={buttonClass('primary')}>
            Invite people
          </Link>
        }
      >
        <p className="text-muted">
          Who is in the organisation. What one may do in a team, the role there says.
        </p>
      </PageHead>
      {members.error && (
        <FaultNotice
          error={members.error}
          title="The members cannot be shown"
          onRetry={() => void members.refetch()}
          isRetrying={members.isFetching}
          className="mb-5"
        />
      )}
      {!members.error && (
        <Card isFlush>
          {members.data ? (
            <ul aria-label="Members" className="divide-y divide-line">
              {members.data.map((member) => (
                <MemberRow key={member.userId} member={member} onRemove={() => setLeaver(member)} />
              ))}
            </ul>
          ) : (
            <RowsSkeleton label="Loading the members" />
          )}
        </Card>
      )}
      {leaver && (
        <MemberRemoveDialog
          orgId={org.id}
          member={leaver}
          others={(members.data ?? []).filter(({ userId }) => userId !== leaver.userId)}
          onClose={() => setLeaver(undefined)}
        />
      )}
    </>
  )
}
