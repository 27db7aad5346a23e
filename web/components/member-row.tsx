import type { MemberView } from '../../src/modules/members/schema.ts'
import { describeError } from '../api/errors.ts'
import { useMe } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { count } from '../lib/format.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { showToast } from '../ui/toast.tsx'
import { PersonWords } from './person-words.tsx'
import { ORG_ROLE_NAMES, TEAM_ROLE_NAMES } from './role-names.ts'
import { RoleSelect } from './role-select.tsx'
import { useOrg } from './use-org.ts'

const GIVEN = ['org_admin', 'org_member'] as const
const OWNER = 'The owner stays until the organisation is handed over.'

/** A member of the organisation: who it is, what they may, and what one may do about it. */
export function MemberRow({ member, onRemove }: { member: MemberView; onRemove: () => void }) {
  const { org, whyNot } = useOrg()
  const { user } = useMe()
  const utils = trpc.useUtils()
  const change = trpc.members.changeRole.useMutation({
    onSuccess: () => showToast({ tone: 'good', title: `${member.name} has another role now` }),
    onError: (error) =>
      showToast({ tone: 'bad', title: 'The role was not changed', detail: describeError(error).sentence }),
    onSettled: () => {
      void utils.members.invalidate()
      if (member.userId === user.id) void utils.auth.me.invalidate()
    },
  })
  const isOwner = member.role === 'org_owner'
  const noRole = isOwner ? OWNER : whyNot('org-member:change-role')
  const noRemoval = isOwner ? OWNER : whyNot('org-member:remove')
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-4 py-3">
      <PersonWords name={member.name} email={member.email} isMe={member.userId === user.id}>
        <p className="mt-1 flex flex-wrap gap-1.5">
          {member.teams.map(({ id, name, role }) => (
            <Badge key={id}>
              {name}: {TEAM_ROLE_NAMES[role]}
            </Badge>
          ))}
          {member.deployments !== null && member.deployments > 0 && (
            <Badge tone="active">{count(member.deployments, 'deployment')}</Badge>
          )}
        </p>
      </PersonWords>
      <div className="flex gap-2">
        <RoleSelect
          label={`Role of ${member.name}`}
          value={member.role}
          names={ORG_ROLE_NAMES}
          options={GIVEN}
          whyNot={noRole}
          isBusy={change.isPending}
          onChange={(role) =>
            role !== 'org_owner' && change.mutate({ orgId: org.id, userId: member.userId, role })
          }
        />
        <Button
          disabled={noRemoval !== undefined}
          title={noRemoval}
          aria-label={`Remove ${member.name}`}
          onClick={onRemove}
        >
          Remove
        </Button>
      </div>
    </li>
  )
}
