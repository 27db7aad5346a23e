import { useNavigate } from 'react-router'

import { OrgName } from '../../src/contract/people-names.ts'
import { trpc } from '../api/trpc.ts'
import { paths } from '../lib/paths.ts'
import { showToast } from '../ui/toast.tsx'
import { NameDialog } from './name-dialog.tsx'

/** Makes an organisation, and goes on in its team. */
export function OrgCreateDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  const enter = trpc.teams.setCurrent.useMutation()
  const create = trpc.orgs.create.useMutation({
    onSuccess: async ({ id, teamId }, { name }) => {
      // It is there, whether or not it could be entered.
      await enter.mutateAsync({ teamId }).catch(() => undefined)
      await utils.auth.me.invalidate()
      showToast({ tone: 'good', title: `${name} is made` })
      onClose()
      await navigate(paths.org(id, 'members'))
    },
  })
  return (
    <NameDialog
      title="Create an organisation"
      description="It has members, teams and deployments of its own, and a team to begin with. You will be its owner."
      schema={OrgName}
      word="Create"
      isBusy={create.isPending}
      error={create.error}
      onSave={(name) => create.mutate({ name })}
      onClose={onClose}
    />
  )
}
