import { Link } from 'react-router'

import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { useNow } from '../lib/clock.ts'
import { formatUntil } from '../lib/format.ts'
import { paths } from '../lib/paths.ts'
import type { Tone } from '../ui/badge.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { nextStepFor } from './next-step.ts'

const TONES: Record<DeploymentView['phase'], Tone> = {
  Pending: 'neutral',
  Provisioning: 'active',
  Ready: 'good',
  Error: 'bad',
  Deleting: 'neutral',
}

const TITLES: Record<DeploymentView['phase'], string> = {
  Pending: 'It waits',
  Provisioning: 'It is being set up',
  Ready: 'It runs',
  Error: 'It does not run',
  Deleting: 'It is being deleted',
}

/** Why it stands where it stands, what to do, and until when it may stand there. */
export function Standing({ deployment }: { deployment: DeploymentView }) {
  const { id, phase, reason, message, isUpToDate, deadlineAt } = deployment
  if (phase === 'Ready' && isUpToDate && !deployment.suspended) return null
  const step = phase === 'Error' || phase === 'Provisioning' ? nextStepFor(reason) : undefined
  const isAway = reason === 'ClusterUnavailable'
  return (
    <Notice
      tone={isAway ? 'warn' : TONES[phase]}
      title={titleOf(deployment)}
      className="mb-5"
      action={
        step && (
          <Link to={paths.deployment(id, step.tab)} className={buttonClass()}>
            {step.label}
          </Link>
        )
      }
    >
      <p>{message}</p>
      {deadlineAt !== null && phase !== 'Error' && <Deadline at={deadlineAt} />}
    </Notice>
  )
}

function titleOf({ phase, isUpToDate, suspended, readyRevision, revision }: DeploymentView): string {
  if (suspended) return 'It is suspended'
  if (phase === 'Ready' && !isUpToDate) return 'The newest change is on its way'
  if (phase === 'Error') {
    const runsOlder = readyRevision !== null && readyRevision < revision
    return runsOlder ? `Revision ${revision} does not run; ${readyRevision} did` : TITLES.Error
  }
  if (phase === 'Provisioning' && readyRevision !== null) return 'A change is being rolled out'
  return TITLES[phase]
}

function Deadline({ at }: { at: string }) {
  const now = useNow()
  return (
    <p className="figures text-muted">If nothing changes, this becomes an error {formatUntil(at, now)}.</p>
  )
}
