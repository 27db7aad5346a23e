import { useState } from 'react'
import { useNavigate } from 'react-router'

import { TeamName } from '../../src/contract/people-names.ts'
import type { TeamView } from '../../src/modules/teams/schema.ts'
import { trpc } from '../api/trpc.ts'
import { useOrg } from '../components/use-org.ts'
import { paths } from '../lib/paths.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { showToast } from '../ui/toast.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { OneField } from './one-field.tsx'

/** Name and end of a team. */
export function TeamSettings({ team }: { team: TeamView }) {
  const { org, whyNotInTeam } = useOrg()
  const [isDeleting, setDeleting] = useState(false)
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  const refresh = () => {
    void utils.teams.invalidate()
    void utils.members.invalidate()
    void utils.orgs.get.invalidate()
    return utils.auth.me.invalidate()
  }
  const rename = trpc.teams.rename.useMutation({
    onSuccess: ({ name }) => {
      showToast({ tone: 'good', title: `The team is called ${name} now` })
      void refresh()
    },
  })
  const remove = trpc.teams.delete.useMutation({
    onSuccess: async () => {
      showToast({ tone: 'good', title: `${team.name} is deleted` })
      await navigate(paths.org(org.id, 'teams'))
      void refresh()
    },
  })
  const noDelete = team.isDefault
    ? 'The team that was made with the organisation stays.'
    : whyNotInTeam('team:delete', team.id)
  return (
    <Card title="Settings">
      <div className="space-y-5">
        <OneField
          key={team.name}
          label="Name"
          value={team.name}
          schema={TeamName}
          whyNot={whyNotInTeam('team:update', team.id)}
          save={{ ...rename, mutate: (name) => rename.mutate({ teamId: team.id, name }) }}
        />
        <Button disabled={noDelete !== undefined} title={noDelete} onClick={() => setDeleting(true)}>
          Delete the team
        </Button>
      </div>
      {isDeleting && (
        <ConfirmDialog
          title={`Delete ${team.name}?`}
          description="Its members stay in the organisation. Open invitations to it end, and so do API keys for it."
          word="Delete"
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate({ teamId: team.id })}
          onClose={() => setDeleting(false)}
        />
      )}
    </Card>
  )
}
