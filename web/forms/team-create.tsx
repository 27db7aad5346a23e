import { useNavigate } from 'react-router'

import type { OrgId } from '../../src/contract/ids.ts'
import { TeamName } from '../../src/contract/people-names.ts'
import { trpc } from '../api/trpc.ts'
import { OrgQuota } from '../components/org-quota.tsx'
import { paths } from '../lib/paths.ts'
import { NameDialog } from './name-dialog.tsx'

/** Makes a team, and goes to its page. */
export function TeamCreateDialog({ orgId, onClose }: { orgId: OrgId; onClose: () => void }) {
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  const create = trpc.teams.create.useMutation({
    onSuccess: async ({ id }) => {
      void utils.teams.invalidate()
      void utils.orgs.get.invalidate()
      await utils.auth.me.invalidate()
      await navigate(paths.team(orgId, id))
    },
  })
  return (
    <NameDialog
      title="Create a team"
      description="Deployments belong to a team, and its members see them by their roles in it. You will be its administrator."
      schema={TeamName}
      word="Create"
      isBusy={create.isPending}
      error={create.error}
      onSave={(name) => create.mutate({ orgId, name })}
      onClose={onClose}
    >
      <OrgQuota orgId={orgId} what="team" />
    </NameDialog>
  )
}
