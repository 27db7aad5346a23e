import { useState } from 'react'

import type { OrgId, TeamId, UserId } from '../../src/contract/ids.ts'
import { TEAM_ROLES, type TeamRole } from '../../src/contract/policy.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { TEAM_ROLE_HINTS, TEAM_ROLE_NAMES } from '../components/role-names.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Select } from '../ui/field.tsx'
import { showToast } from '../ui/toast.tsx'
import { MemberPick } from './member-pick.tsx'

interface AddProps {
  orgId: OrgId
  teamId: TeamId
  /** Who is in it already. */
  present: readonly UserId[]
  onClose: () => void
}

/** Takes somebody of the organisation into the team; others are invited. */
export function TeamMemberAddDialog({ orgId, teamId, present, onClose }: AddProps) {
  const [userId, setUserId] = useState<UserId>()
  const [role, setRole] = useState<TeamRole>('developer')
  const utils = trpc.useUtils()
  const members = trpc.members.list.useQuery({ orgId })
  const add = trpc.teams.members.add.useMutation({
    onSuccess: () => {
      void utils.teams.invalidate()
      void utils.members.invalidate()
      void utils.auth.me.invalidate()
      showToast({ tone: 'good', title: 'The team has another member' })
      onClose()
    },
  })
  const others = (members.data ?? []).filter((each) => !present.includes(each.userId))
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Add a member to the team"
      description="Who is in the organisation. Whoever is not is invited."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabled={userId === undefined}
            isBusy={add.isPending}
            onClick={() => userId && add.mutate({ teamId, userId, role })}
          >
            Add
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <MemberPick
          label="Member"
          members={others}
          value={userId}
          onChange={setUserId}
          {...(members.data && others.length === 0
            ? { hint: 'All members of the organisation are in it.' }
            : {})}
        />
        <Field label="Role" isRequired hint={`Who has it ${TEAM_ROLE_HINTS[role]}.`}>
          {(input) => (
            <Select
              {...input}
              className="w-full"
              value={role}
              onChange={(event) => setRole(event.target.value as TeamRole)}
            >
              {TEAM_ROLES.map((each) => (
                <option key={each} value={each}>
                  {TEAM_ROLE_NAMES[each]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {members.error && <FaultNotice error={members.error} />}
        {add.error && <FaultNotice error={add.error} title="Nobody was added" />}
      </div>
    </Dialog>
  )
}
