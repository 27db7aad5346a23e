import { Link } from 'react-router'

import type { MyOrg, Quota } from '../../src/modules/access/schema.ts'
import type { TemplateView } from '../../src/modules/templates/schema.ts'
import { useSession } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { orgHindrance } from '../components/org-hindrance.ts'
import { QuotaMeter } from '../components/quota-meter.tsx'
import { paths } from '../lib/paths.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

interface SummaryProps {
  template: TemplateView
  error: unknown
  isBusy: boolean
  onPreview: () => void
  onPointAtDeploy: () => void
}

/** What was full is asked for so often: somebody may pay or delete in another tab. */
const FULL_MS = 2_000

const isUsedUp = (quota: Quota | undefined): boolean =>
  quota !== undefined && quota.limit !== null && quota.used >= quota.limit

/** Beside the form: what it makes, what is left of the plan, and the two buttons. */
export function DeploymentSummaryCard({ template, error, isBusy, onPreview, onPointAtDeploy }: SummaryProps) {
  const { org, may } = useSession()
  const account = trpc.orgs.get.useQuery(
    { orgId: org.id },
    { refetchInterval: ({ state }) => (isUsedUp(state.data?.deployments) ? FULL_MS : false) },
  )
  const quota = account.data?.deployments
  const isFull = isUsedUp(quota)
  const refusal = may('deployment:create')
    ? undefined
    : (orgHindrance(org, 'deployment:create') ??
      'Your role in this team does not allow deploying. Ask an administrator of the team.')

  return (
    <Card title="Summary" className="lg:sticky lg:top-5">
      <div className="space-y-4">
        <dl className="space-y-2">
          {template.services.map(({ name, image }) => (
            <div key={name}>
              <dt className="font-medium">{name}</dt>
              <dd className="truncate font-mono text-xs text-muted" title={image}>
                {image}
              </dd>
            </div>
          ))}
        </dl>
        <div className="min-h-8 border-t border-line pt-4">
          {quota ? (
            <QuotaMeter quota={quota} what="deployment" />
          ) : (
            !account.error && <Skeleton className="h-5 w-full" />
          )}
        </div>
        <Hindrance isFull={isFull} refusal={refusal} org={org} />
        {error !== null && <FaultNotice error={error} title="It was not deployed" />}
        <div className="grid gap-2">
          <Button
            type="submit"
            variant="primary"
            isBusy={isBusy}
            disabled={isFull || refusal !== undefined}
            onPointerEnter={onPointAtDeploy}
          >
            {isBusy ? 'Deploying…' : 'Deploy'}
          </Button>
          <Button onClick={onPreview} disabled={refusal !== undefined}>
            Preview the plan
          </Button>
        </div>
      </div>
    </Card>
  )
}

interface HindranceProps {
  isFull: boolean
  refusal: string | undefined
  org: MyOrg
}

/** Why the button cannot be pressed, before it is tried. */
function Hindrance({ isFull, refusal, org }: HindranceProps) {
  if (!isFull && refusal === undefined) return null
  return (
    <Notice tone="warn">
      <p>
        {refusal ?? (
          <>
            {org.name} has all the deployments that its plan allows. Delete one, or <LargerPlan org={org} />.
          </>
        )}
      </p>
    </Notice>
  )
}

/** Only the owner may choose it; to everybody else there is no such page. */
function LargerPlan({ org }: { org: MyOrg }) {
  if (org.role !== 'org_owner') return 'ask its owner for a larger plan'
  return (
    <Link to={paths.org(org.id, 'billing')} className="text-accent hover:underline">
      choose a larger plan
    </Link>
  )
}
