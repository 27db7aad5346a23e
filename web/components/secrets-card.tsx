import { KeyRound } from 'lucide-react'
import { useState } from 'react'

import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import type { SecretView } from '../../src/modules/secrets/schema.ts'
import { trpc } from '../api/trpc.ts'
import { SecretDeleteDialog } from '../forms/secret-delete.tsx'
import { SecretSetDialog } from '../forms/secret-set.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Age } from './age.tsx'
import { FaultNotice } from './fault-notice.tsx'
import { useWhyNot } from './use-why-not.ts'

/** A secret that is set anew, or one that nobody has named yet. */
type Asked = { act: 'set'; secret: SecretView | undefined } | { act: 'delete'; secret: SecretView }

/** That they are there, and how old; never what they are. */
export function SecretsCard({ deployment }: { deployment: DeploymentView }) {
  const { id } = deployment
  const secrets = trpc.secrets.list.useQuery({ id })
  const whyNot = useWhyNot(deployment)
  const noSet = whyNot('secret:set')
  const noDelete = whyNot('secret:delete')
  const [asked, setAsked] = useState<Asked>()
  const close = () => setAsked(undefined)
  return (
    <Card
      title="Secrets"
      description="Kept in Vault. A value can be replaced, and never be read here."
      isFlush
      aside={
        <Button
          disabled={noSet !== undefined}
          title={noSet}
          onClick={() => setAsked({ act: 'set', secret: undefined })}
        >
          Add a secret
        </Button>
      }
    >
      {secrets.isPending && (
        <div role="status" aria-label="Loading the secrets" className="p-4">
          <Skeleton className="h-9 w-full" />
        </div>
      )}
      {secrets.error && (
        <FaultNotice error={secrets.error} onRetry={() => void secrets.refetch()} className="m-4" />
      )}
      {secrets.data?.length === 0 && <p className="p-4 text-muted">It has no secrets of its own.</p>}
      <ul className="divide-y divide-line">
        {secrets.data?.map((secret) => (
          <SecretRow key={secret.id} secret={secret} noSet={noSet} noDelete={noDelete} onAsk={setAsked} />
        ))}
      </ul>
      {asked?.act === 'set' && (
        <SecretSetDialog deployment={deployment} secret={asked.secret} onClose={close} />
      )}
      {asked?.act === 'delete' && <SecretDeleteDialog id={id} secret={asked.secret} onClose={close} />}
    </Card>
  )
}

interface RowProps {
  secret: SecretView
  /** Why it cannot be replaced, or deleted, for the tips of the buttons. */
  noSet: string | undefined
  noDelete: string | undefined
  onAsk: (asked: Asked) => void
}

function SecretRow({ secret, noSet, noDelete, onAsk }: RowProps) {
  const { key, version, description, authorName, updatedAt, service } = secret
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3">
      <KeyRound aria-hidden="true" className="size-4 shrink-0 text-muted" />
      <div className="min-w-0 flex-1 basis-40">
        <p className="truncate font-mono text-xs font-medium">{key}</p>
        <p className="text-xs text-muted">
          {description !== '' && `${description} · `}
          {service !== null && `${service} · `}version {version} · {authorName}, <Age at={updatedAt} />
        </p>
      </div>
      <div className="flex gap-2">
        <Button disabled={noSet !== undefined} title={noSet} onClick={() => onAsk({ act: 'set', secret })}>
          Replace
        </Button>
        <Button
          variant="ghost"
          disabled={noDelete !== undefined}
          title={noDelete}
          onClick={() => onAsk({ act: 'delete', secret })}
        >
          Delete
        </Button>
      </div>
    </li>
  )
}
