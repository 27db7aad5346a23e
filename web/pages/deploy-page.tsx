import { ArrowLeft } from 'lucide-react'
import { Link, useParams } from 'react-router'

import { useSession } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { PageHead } from '../components/page-head.tsx'
import { PageSkeleton } from '../components/page-skeleton.tsx'
import { TemplateMark } from '../components/template-mark.tsx'
import { DeploymentCreateForm } from '../forms/deployment-create.tsx'
import { paths } from '../lib/paths.ts'
import { useTitle } from '../lib/use-title.ts'
import { buttonClass } from '../ui/button.tsx'

export default function DeployPage() {
  const { team } = useSession()
  const { templateId = '' } = useParams()
  const template = trpc.templates.get.useQuery(
    { teamId: team.id, templateId },
    // A form whose questions change while it is filled in is no form.
    { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false },
  )
  useTitle('Deploy')
  return (
    <>
      <Link
        to={paths.templates()}
        className="mb-3 inline-flex items-center gap-1.5 rounded-control text-muted hover:text-ink"
      >
        <ArrowLeft aria-hidden="true" className="size-4" />
        Templates
      </Link>
      {template.isPending && <PageSkeleton />}
      {template.error && (
        <FaultNotice
          error={template.error}
          title="The template could not be loaded"
          action={
            <Link to={paths.templates()} className={buttonClass()}>
              Choose another
            </Link>
          }
        />
      )}
      {template.data && (
        <>
          <div className="flex gap-3">
            <TemplateMark name={template.data.displayName} />
            <PageHead title={`Deploy ${template.data.displayName}`}>
              <p className="max-w-2xl text-muted">{template.data.description}</p>
            </PageHead>
          </div>
          <DeploymentCreateForm key={template.data.id} template={template.data} />
        </>
      )}
    </>
  )
}
