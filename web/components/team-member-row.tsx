import { TEAM_ROLES } from '../../src/contract/policy.ts'
import type { TeamMemberView } from '../../src/modules/teams/schema.ts'
import type { TeamId } from '../../src/contract/ids.ts'
import { describeError } from '../api/errors.ts'
import { useMe } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { Button } from '../ui/button.tsx'
import { showToast } from '../ui/toast.tsx'
import { PersonWords } from './person-words.tsx'
import { TEAM_ROLE_NAMES } from './role-names.ts'
import { RoleSelect } from './role-select.tsx'
import { useOrg } from './use-org.ts'

/** Somebody in a team: who it is, what they may there, and what one may do about it. */
export function TeamMemberRow({ teamId, member }: { teamId: TeamId; member: TeamMemberView }) {
  const { userId, name, email, role } = member
  const { whyNotInTeam } = useOrg()
  const { user } = useMe()
  const utils = trpc.useUtils()
  const after = (what: string, failure: string) => ({
    onSuccess: () => showToast({ tone: 'good', title: `${name} ${what}` }),
    onError: (error: unknown) =>
      showToast({ tone: 'bad', title: failure, detail: describeError(error).sentence }),
    onSettled: () => {
      void utils.teams.invalidate()
      void utils.members.invalidate()
      if (userId === user.id) void utils.auth.me.invalidate()
    },
  })
  const change = trpc.teams.members.changeRole.useMutation(
    after('has another role now', 'The role was not changed'),
  )
  const remove = trpc.teams.members.remove.useMutation(
    after('is not in the team any more', 'Nobody was removed'),
  )
  const noRemoval = whyNotInTeam('team-member:remove', teamId)
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-4 py-3">
      <PersonWords name={name} email={email} isMe={userId === user.id} />
      <div className="flex gap-2">
        <RoleSelect
          label={`Role of ${name}`}
          value={role}
          names={TEAM_ROLE_NAMES}
          options={TEAM_ROLES}
          whyNot={whyNotInTeam('team-member:change-role', teamId)}
          isBusy={change.isPending}
          onChange={(wanted) => change.mutate({ teamId, userId, role: wanted })}
        />
        <Button
          disabled={noRemoval !== undefined}
          title={noRemoval}
          isBusy={remove.isPending}
          aria-label={`Remove ${name} from the team`}
          onClick={() => remove.mutate({ teamId, userId })}
        >
          Remove
        </Button>
      </div>
    </li>
  )
}
