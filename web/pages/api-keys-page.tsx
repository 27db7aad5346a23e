import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Link, useParams } from 'react-router'

import type { MyOrg, MyTeam } from '../../src/modules/access/schema.ts'
import type { KeyView } from '../../src/modules/api-keys/schema.ts'
import { trpc } from '../api/trpc.ts'
import { ApiKeyList, ApiKeysSkeleton } from '../components/api-key-list.tsx'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ApiKeyCreateDialog } from '../forms/api-key-create.tsx'
import { ApiKeyRevokeDialog } from '../forms/api-key-revoke.tsx'
import { paths } from '../lib/paths.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { showToast } from '../ui/toast.tsx'
import { NotFoundPage } from './not-found-page.tsx'

/** The keys of an organisation for its administrators, those of their teams for administrators of teams. */
export default function ApiKeysPage() {
  const { orgId } = useParams()
  const me = trpc.auth.me.useQuery(undefined, { staleTime: 5 * 60_000 })
  const org = me.data?.orgs.find(({ id }) => id === orgId)
  const teams = trpc.teams.list.useQuery({ orgId: org?.id ?? '' }, { enabled: org !== undefined })
  if (me.data && !org) return <NotFoundPage />
  if (!org || teams.isPending) return <ApiKeysSkeleton />
  if (teams.error) {
    return (
      <FaultNotice
        error={teams.error}
        title="The teams could not be loaded"
        onRetry={() => void teams.refetch()}
        isRetrying={teams.isFetching}
      />
    )
  }
  const managed = teams.data.filter(({ role }) => isOverAll(org) || role === 'team_admin')
  return <Keys org={org} managed={managed} />
}

const isOverAll = ({ role }: MyOrg): boolean => role !== 'org_member'

function Keys({ org, managed }: { org: MyOrg; managed: readonly MyTeam[] }) {
  const [isMaking, setMaking] = useState(false)
  const [chosen, setChosen] = useState<KeyView>()
  const whyNot = org.isSuspended
    ? 'The organisation is suspended.'
    : managed.length === 0
      ? 'Only administrators of a team make keys for it.'
      : undefined
  return (
    <>
      <PageHead
        title="API keys"
        actions={
          <Button
            variant="primary"
            icon={<Plus aria-hidden="true" className="size-4" />}
            disabled={whyNot !== undefined}
            title={whyNot}
            onClick={() => setMaking(true)}
          >
            Make a key for a team
          </Button>
        }
      >
        <p className="text-muted">
          Keys of {org.name} by which programs call.{' '}
          <Link to={paths.ownApiKeys()} className="text-accent underline">
            Your own
          </Link>{' '}
          are for what you may yourself.
        </p>
      </PageHead>
      {isOverAll(org) ? (
        <OfOrg org={org} onRevoke={setChosen} />
      ) : (
        <OfTeams teams={managed} onRevoke={setChosen} />
      )}
      {isMaking && <Create teams={managed} onClose={() => setMaking(false)} />}
      {chosen && <Revoke item={chosen} org={org} onClose={() => setChosen(undefined)} />}
    </>
  )
}

const NONE = 'Make one for a team: all its administrators see it, and may end it.'

function OfOrg({ org, onRevoke }: { org: MyOrg; onRevoke: (key: KeyView) => void }) {
  const keys = trpc.apiKeys.org.list.useQuery({ orgId: org.id })
  return <Loaded {...keys} keys={keys.data} onRetry={() => void keys.refetch()} onRevoke={onRevoke} />
}

function OfTeams({ teams, onRevoke }: { teams: readonly MyTeam[]; onRevoke: (key: KeyView) => void }) {
  const lists = trpc.useQueries((t) => teams.map(({ id }) => t.apiKeys.team.list({ teamId: id })))
  if (teams.length === 0) {
    return (
      <Notice title="You see no keys of others">
        <p>Those of a team are seen by its administrators, all of them by those of the organisation.</p>
      </Notice>
    )
  }
  const failed = lists.find(({ error }) => error)
  const isPending = lists.some((list) => list.isPending)
  return (
    <Loaded
      isPending={isPending}
      isFetching={lists.some((list) => list.isFetching)}
      error={failed?.error ?? null}
      keys={isPending ? undefined : lists.flatMap(({ data }) => data ?? [])}
      onRetry={() => lists.forEach((list) => void list.refetch())}
      onRevoke={onRevoke}
    />
  )
}

interface LoadedProps {
  isPending: boolean
  isFetching: boolean
  error: unknown
  keys: readonly KeyView[] | undefined
  onRetry: () => void
  onRevoke: (key: KeyView) => void
}

function Loaded({ isPending, isFetching, error, keys, onRetry, onRevoke }: LoadedProps) {
  if (error) {
    return (
      <FaultNotice
        error={error}
        title="The keys could not be loaded"
        onRetry={onRetry}
        isRetrying={isFetching}
      />
    )
  }
  if (isPending || !keys) return <ApiKeysSkeleton />
  return <ApiKeyList keys={keys} none={NONE} onRevoke={onRevoke} />
}

function Create({ teams, onClose }: { teams: readonly MyTeam[]; onClose: () => void }) {
  const utils = trpc.useUtils()
  const create = trpc.apiKeys.team.create.useMutation({
    onSuccess: async () => utils.apiKeys.invalidate(),
  })
  return (
    <ApiKeyCreateDialog
      placeName="Team"
      places={teams.map(({ id, name }) => ({ id, label: name }))}
      created={create.data}
      isPending={create.isPending}
      error={create.error}
      onCreate={(teamId, wanted) => create.mutate({ teamId: teamId, ...wanted })}
      onClose={onClose}
    />
  )
}

function Revoke({ item, org, onClose }: { item: KeyView; org: MyOrg; onClose: () => void }) {
  const utils = trpc.useUtils()
  const done = {
    onSuccess: () => {
      void utils.apiKeys.invalidate()
      showToast({ tone: 'good', title: `${item.name} is revoked` })
      onClose()
    },
  }
  const any = trpc.apiKeys.org.revoke.useMutation(done)
  const ofTeam = trpc.apiKeys.team.revoke.useMutation(done)
  const revoke = (): void => {
    if (isOverAll(org)) any.mutate({ orgId: org.id, keyId: item.id })
    else if (item.team) ofTeam.mutate({ teamId: item.team.id, keyId: item.id })
  }
  return (
    <ApiKeyRevokeDialog
      item={item}
      isPending={any.isPending || ofTeam.isPending}
      error={any.error ?? ofTeam.error}
      onRevoke={revoke}
      onClose={onClose}
    />
  )
}
