import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'

import type { KeyView } from '../../src/modules/api-keys/schema.ts'
import { trpc } from '../api/trpc.ts'
import { ApiKeyList, ApiKeysSkeleton } from '../components/api-key-list.tsx'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { ApiKeyCreateDialog } from '../forms/api-key-create.tsx'
import { ApiKeyRevokeDialog } from '../forms/api-key-revoke.tsx'
import { paths } from '../lib/paths.ts'
import { Button } from '../ui/button.tsx'
import { showToast } from '../ui/toast.tsx'

/** The keys that one made, in whatever organisation. */
export default function OwnApiKeysPage() {
  const keys = trpc.apiKeys.own.list.useQuery({})
  const [isMaking, setMaking] = useState(false)
  const [chosen, setChosen] = useState<KeyView>()
  return (
    <>
      <PageHead
        title="Your API keys"
        actions={
          <Button
            variant="primary"
            icon={<Plus aria-hidden="true" className="size-4" />}
            onClick={() => setMaking(true)}
          >
            Make a key
          </Button>
        }
      >
        <p className="text-muted">
          A key lets a program call in your name, within its scopes and{' '}
          <Link to={paths.permissions()} className="text-accent underline">
            your own rights
          </Link>
          . It ends with your membership.
        </p>
      </PageHead>
      {keys.isPending && <ApiKeysSkeleton />}
      {keys.error && (
        <FaultNotice
          error={keys.error}
          title="The keys could not be loaded"
          onRetry={() => void keys.refetch()}
          isRetrying={keys.isFetching}
        />
      )}
      {keys.data && (
        <ApiKeyList
          keys={keys.data}
          none="Make one for your build server or for a script."
          onRevoke={setChosen}
        />
      )}
      {isMaking && <Create onClose={() => setMaking(false)} />}
      {chosen && <Revoke item={chosen} onClose={() => setChosen(undefined)} />}
    </>
  )
}

function Create({ onClose }: { onClose: () => void }) {
  const utils = trpc.useUtils()
  const me = trpc.auth.me.useQuery(undefined, { staleTime: 5 * 60_000 })
  const create = trpc.apiKeys.own.create.useMutation({
    onSuccess: async () => utils.apiKeys.invalidate(),
  })
  const places = (me.data?.orgs ?? [])
    .filter(({ isSuspended }) => !isSuspended)
    .map(({ id, name }) => ({ id, label: name }))
  return (
    <ApiKeyCreateDialog
      placeName="Organisation"
      places={places}
      created={create.data}
      isPending={create.isPending}
      error={create.error}
      onCreate={(orgId, wanted) => create.mutate({ orgId: orgId, ...wanted })}
      onClose={onClose}
    />
  )
}

function Revoke({ item, onClose }: { item: KeyView; onClose: () => void }) {
  const utils = trpc.useUtils()
  const revoke = trpc.apiKeys.own.revoke.useMutation({
    onSuccess: () => {
      void utils.apiKeys.invalidate()
      showToast({ tone: 'good', title: `${item.name} is revoked` })
      onClose()
    },
  })
  return (
    <ApiKeyRevokeDialog
      item={item}
      isPending={revoke.isPending}
      error={revoke.error}
      onRevoke={() => revoke.mutate({ keyId: item.id })}
      onClose={onClose}
    />
  )
}
