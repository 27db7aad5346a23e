import { useState } from 'react'

import type { KeptDeployments } from '../../src/modules/billing/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { useOrg } from '../components/use-org.ts'
import { count } from '../lib/format.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { showToast } from '../ui/toast.tsx'

/** Which deployments go on running when the plan allows fewer than there are. */
export function DeploymentsKeep({ limit }: { limit: number }) {
  const { org } = useOrg()
  const list = trpc.billing.deployments.useQuery({ orgId: org.id })
  if (list.error) return <FaultNotice error={list.error} title="Your deployments cannot be listed" />
  return list.data ? <Choice key={list.dataUpdatedAt} deployments={list.data} limit={limit} /> : null
}

function Choice({ deployments, limit }: { deployments: KeptDeployments; limit: number }) {
  const { org } = useOrg()
  const [kept, setKept] = useState(
    () => new Set(deployments.filter(({ isKept }) => isKept).map(({ id }) => id)),
  )
  const utils = trpc.useUtils()
  const save = trpc.billing.keep.useMutation({
    onSuccess: () => {
      showToast({ tone: 'good', title: 'Your choice is kept' })
      void utils.billing.deployments.invalidate()
    },
  })
  const toggle = (id: KeptDeployments[number]['id']) =>
    setKept((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  const isTooMany = kept.size > limit
  return (
    <Card
      title="What to keep running"
      description={`The smaller plan runs ${count(limit, 'deployment')}. The others are stopped, the newest first; nothing is deleted.`}
    >
      <ul className="mb-4 space-y-2">
        {deployments.map(({ id, displayName, isHeld }) => (
          <li key={id}>
            <label className="flex min-h-8 items-center gap-2">
              <input type="checkbox" checked={kept.has(id)} onChange={() => toggle(id)} />
              <span className="wrap-anywhere">{displayName}</span>
              {isHeld && <Badge tone="warn">Stopped by the plan</Badge>}
            </label>
          </li>
        ))}
      </ul>
      {save.error && <FaultNotice error={save.error} title="Your choice was not kept" className="mb-4" />}
      <Button
        isBusy={save.isPending}
        disabled={isTooMany}
        title={isTooMany ? `Choose ${count(limit, 'deployment')} at most.` : undefined}
        onClick={() => save.mutate({ orgId: org.id, keep: [...kept] })}
      >
        Keep these
      </Button>
    </Card>
  )
}
