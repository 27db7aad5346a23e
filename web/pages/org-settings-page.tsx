import { OrgName, OrgSlug } from '../../src/contract/people-names.ts'
import type { OrgView } from '../../src/modules/orgs/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { QuotaMeter } from '../components/quota-meter.tsx'
import { RowsSkeleton } from '../components/rows-skeleton.tsx'
import { useOrg } from '../components/use-org.ts'
import { OneField } from '../forms/one-field.tsx'
import { OrgDelete } from '../forms/org-delete.tsx'
import { OrgLeave } from '../forms/org-leave.tsx'
import { OrgTransfer } from '../forms/org-transfer.tsx'
import { Card } from '../ui/card.tsx'
import { Notice } from '../ui/notice.tsx'
import { showToast } from '../ui/toast.tsx'

export default function OrgSettingsPage() {
  const { org } = useOrg()
  const view = trpc.orgs.get.useQuery({ orgId: org.id })
  return (
    <>
      <PageHead title="General" />
      {view.error && (
        <FaultNotice
          error={view.error}
          title="The organisation cannot be shown"
          onRetry={() => void view.refetch()}
          isRetrying={view.isFetching}
          className="mb-5"
        />
      )}
      {view.isPending && <RowsSkeleton label="Loading the organisation" />}
      {view.data && <Settings view={view.data} />}
    </>
  )
}

function Settings({ view }: { view: OrgView }) {
  return (
    <div className="max-w-3xl space-y-5">
      {view.suspendedReason !== null && (
        <Notice tone="warn" title="Why it is suspended">
          <p>{view.suspendedReason}</p>
        </Notice>
      )}
      <Names view={view} />
      <Card title="What is used">
        <div className="space-y-3">
          <QuotaMeter quota={view.members} what="member" />
          <QuotaMeter quota={view.teams} what="team" />
          <QuotaMeter quota={view.deployments} what="deployment" />
        </div>
      </Card>
      <OrgTransfer />
      <OrgLeave />
      <OrgDelete />
    </div>
  )
}

function Names({ view }: { view: OrgView }) {
  const { org, whyNot } = useOrg()
  const utils = trpc.useUtils()
  const saved = {
    onSuccess: () => {
      showToast({ tone: 'good', title: 'The organisation is changed' })
      void utils.orgs.invalidate()
      void utils.auth.me.invalidate()
    },
  }
  const rename = trpc.orgs.rename.useMutation(saved)
  const changeSlug = trpc.orgs.changeSlug.useMutation(saved)
  const reason = whyNot('org:update')
  return (
    <Card title="Name">
      <div className="space-y-5">
        <OneField
          key={view.name}
          label="Name"
          value={view.name}
          schema={OrgName}
          whyNot={reason}
          save={{ ...rename, mutate: (name) => rename.mutate({ orgId: org.id, name }) }}
        />
        <OneField
          key={view.slug}
          label="Slug"
          hint="Names the organisation in addresses: letters from a to z, digits and single hyphens."
          value={view.slug}
          schema={OrgSlug}
          whyNot={reason}
          className="font-mono text-xs"
          save={{
            ...changeSlug,
            mutate: (text) => changeSlug.mutate({ orgId: org.id, slug: OrgSlug.parse(text) }),
          }}
        />
      </div>
    </Card>
  )
}
