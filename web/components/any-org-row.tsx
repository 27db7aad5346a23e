import type { AnyOrg } from '../../src/modules/orgs/schema.ts'
import { describeError } from '../api/errors.ts'
import { trpc } from '../api/trpc.ts'
import { count } from '../lib/format.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { showToast } from '../ui/toast.tsx'
import { Age } from './age.tsx'

interface AnyOrgRowProps {
  org: AnyOrg
  onSuspend: () => void
  /** Undefined where nothing costs anything. */
  onCredit: (() => void) | undefined
}

/** An organisation as who runs the installation sees it: whose it is, how it stands, and the ways to credit and stop it. */
export function AnyOrgRow({ org, onSuspend, onCredit }: AnyOrgRowProps) {
  const { name, slug, owner, plan, suspendedAt, suspendedReason } = org
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium wrap-anywhere">{name}</span>
          {suspendedAt !== null && <Badge tone="warn">Suspended</Badge>}
        </p>
        <p className="text-muted wrap-anywhere">
          {owner.name} · {owner.email}
        </p>
        {suspendedAt !== null && (
          <p className="wrap-anywhere">
            {suspendedReason}{' '}
            <span className="text-muted">
              Suspended <Age at={suspendedAt} />.
            </span>
          </p>
        )}
        <p className="text-xs text-muted wrap-anywhere">
          {plan.name} plan · {count(org.deployments, 'deployment')} · {count(org.members, 'member')} · made{' '}
          <Age at={org.createdAt} /> · <code className="font-mono">{slug}</code>
        </p>
      </div>
      <div className="flex gap-2">
        {onCredit && (
          <Button aria-label={`Give credit to ${name}`} onClick={onCredit}>
            Give credit
          </Button>
        )}
        {suspendedAt === null ? (
          <Button aria-label={`Suspend ${name}`} onClick={onSuspend}>
            Suspend
          </Button>
        ) : (
          <Resume org={org} />
        )}
      </div>
    </li>
  )
}

function Resume({ org: { id, name } }: { org: AnyOrg }) {
  const utils = trpc.useUtils()
  const resume = trpc.orgs.resume.useMutation({
    onSuccess: () => {
      showToast({ tone: 'good', title: `${name} goes on`, detail: 'Its pods come back, with the same data.' })
      void utils.auth.me.invalidate()
      return utils.orgs.invalidate()
    },
    onError: (error) =>
      showToast({ tone: 'bad', title: 'Nothing was changed', detail: describeError(error).sentence }),
  })
  return (
    <Button
      aria-label={`Resume ${name}`}
      isBusy={resume.isPending}
      onClick={() => resume.mutate({ orgId: id })}
    >
      Resume
    </Button>
  )
}
