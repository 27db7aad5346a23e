import { ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'

import type { RevisionSummary } from '../../src/modules/deployments/revision-schema.ts'
import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { RollbackDialog } from '../forms/deployment-rollback.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { Age } from './age.tsx'
import { RevisionDifferences } from './revision-differences.tsx'
import { imageName, revisionMark } from './revision-words.ts'
import { useWhyNot } from './use-why-not.ts'

interface ItemProps {
  deployment: DeploymentView
  revision: RevisionSummary
  isOpen: boolean
  onToggle: () => void
}

/** One revision; the chosen one with what it would change. */
export function RevisionItem({ deployment, revision, isOpen, onToggle }: ItemProps) {
  const id = useId()
  const mark = revisionMark(revision, deployment)
  const { number, rollbackOf, authorName, createdAt, services } = revision
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={onToggle}
        className="flex w-full items-start gap-2.5 px-4 py-3 text-left -outline-offset-2 hover:bg-hover"
      >
        <ChevronRight
          aria-hidden="true"
          className={cx('mt-0.5 size-4 shrink-0 text-muted transition-transform', isOpen && 'rotate-90')}
        />
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="figures font-medium">Revision {number}</span>
            {mark && <Badge tone={mark.tone}>{mark.word}</Badge>}
            {rollbackOf !== null && <Badge>repeats revision {rollbackOf}</Badge>}
          </span>
          <span className="block text-muted wrap-anywhere">
            {authorName}, <Age at={createdAt} />
            {revision.note !== '' && ` · ${revision.note}`}
          </span>
          <span className="block text-xs text-muted wrap-anywhere">
            {services.map(({ name, image }) => `${name}: ${imageName(image)}`).join(' · ')}
          </span>
        </span>
      </button>
      <div id={id} hidden={!isOpen} className="px-4 pb-4 sm:pl-10.5">
        {isOpen && <Chosen deployment={deployment} number={number} />}
      </div>
    </li>
  )
}

function Chosen({ deployment, number }: { deployment: DeploymentView; number: number }) {
  const whyNot = useWhyNot(deployment)('deployment:rollback')
  const [isAsked, setAsked] = useState(false)
  if (number === deployment.revision) {
    return <p className="text-muted">This is how it is wanted now: there is nothing to go back to.</p>
  }
  return (
    <div className="space-y-4">
      <RevisionDifferences id={deployment.id} present={deployment.revision} revision={number} />
      <Button disabled={whyNot !== undefined} title={whyNot} onClick={() => setAsked(true)}>
        Go back to this revision
      </Button>
      {whyNot !== undefined && <p className="text-muted">{whyNot}</p>}
      {isAsked && (
        <RollbackDialog deployment={deployment} revision={number} onClose={() => setAsked(false)} />
      )}
    </div>
  )
}
