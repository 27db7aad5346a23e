import { useState, type SubmitEvent } from 'react'

import { ORG_ROLES, TEAM_ROLES, type TeamRole } from '../../src/contract/policy.ts'
import { Invite } from '../../src/modules/invitations/schema.ts'
import type { TeamView } from '../../src/modules/teams/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { OrgQuota } from '../components/org-quota.tsx'
import { TEAM_ROLE_HINTS, TEAM_ROLE_NAMES } from '../components/role-names.ts'
import { useOrg } from '../components/use-org.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { CheckBox, Field, Input, Select } from '../ui/field.tsx'
import { showToast } from '../ui/toast.tsx'

interface InviteProps {
  /** To which one may invite. */
  teams: readonly TeamView[]
  /** The one that is chosen at first. */
  teamId: string | null
  onLink: (link: string) => void
  onClose: () => void
}

const FORM = 'invite'

const pick = <T extends string>(from: readonly T[], text: string): T | undefined =>
  from.find((each) => each === text)

/** Invites an address to a team, with a role. */
export function InviteDialog({ teams, teamId, onLink, onClose }: InviteProps) {
  const { org, whyNot } = useOrg()
  const [team, setTeam] = useState(() => teams.find(({ id }) => id === teamId) ?? teams[0])
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<TeamRole>('developer')
  const [isAdmin, setAdmin] = useState(false)
  const [problem, setProblem] = useState<string>()
  const utils = trpc.useUtils()
  const invite = trpc.invitations.create.useMutation({
    onSuccess: ({ link }, asked) => {
      void utils.invitations.invalidate()
      onClose()
      if (link !== null) onLink(link)
      else showToast({ tone: 'good', title: `A mail is on its way to ${asked.email}` })
    },
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const orgRole = pick(ORG_ROLES, isAdmin ? 'org_admin' : 'org_member')
    const parsed = Invite.safeParse({ teamId: team?.id, email, role, orgRole })
    setProblem(parsed.error?.issues[0]?.message)
    if (parsed.success) invite.mutate(parsed.data)
  }
  const noAdmin = whyNot('org-member:invite')
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Invite somebody"
      description="The link in the mail works for this address alone, once, for seven days."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" isBusy={invite.isPending}>
            Invite
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={submit} className="space-y-4">
        <Field label="E-mail" isRequired error={problem}>
          {(input) => (
            <Input
              {...input}
              type="email"
              autoComplete="off"
              placeholder="grace@example.com"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label="Team" isRequired>
          {(input) => (
            <Select
              {...input}
              className="w-full"
              value={team?.id ?? ''}
              onChange={(event) => setTeam(teams.find(({ id }) => id === event.target.value))}
            >
              {teams.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Role in the team" isRequired hint={`Who has it ${TEAM_ROLE_HINTS[role]}.`}>
          {(input) => (
            <Select
              {...input}
              className="w-full"
              value={role}
              onChange={(event) => setRole(pick(TEAM_ROLES, event.target.value) ?? role)}
            >
              {TEAM_ROLES.map((each) => (
                <option key={each} value={each}>
                  {TEAM_ROLE_NAMES[each]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {noAdmin === undefined && (
          <CheckBox
            label="Administrator of the organisation"
            hint="Manages members, teams and secrets, and has all rights in every team."
            checked={isAdmin}
            onChange={(event) => setAdmin(event.target.checked)}
          />
        )}
        <OrgQuota orgId={org.id} what="member" />
        {invite.error && <FaultNotice error={invite.error} title="Nobody was invited" />}
      </form>
    </Dialog>
  )
}
