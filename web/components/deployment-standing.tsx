import { Link } from 'react-router'

import type { MyOrg } from '../../src/modules/access/schema.ts'
import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { useSession } from '../api/session.tsx'
import { useNow } from '../lib/clock.ts'
import { formatUntil } from '../lib/format.ts'
import { paths } from '../lib/paths.ts'
import type { Tone } from '../ui/badge.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { haltWords } from './halt-words.ts'
import { LastLines } from './last-lines.tsx'
import { isHindrance, nextStepFor } from './next-step.ts'
import { statusWord } from './status-word.ts'

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
  const { org } = useSession()
  const { phase, isUpToDate, deadlineAt } = deployment
  if (phase === 'Ready' && isUpToDate && !deployment.suspended) return null
  const { sentence, step } = wordsFor(deployment, org)
  return (
    <Notice
      tone={toneOf(deployment)}
      title={titleOf(deployment)}
      className="mb-5"
      action={
        step && (
          <Link to={step.to} className={buttonClass()}>
            {step.label}
          </Link>
        )
      }
    >
      <p>{sentence}</p>
      <LastLines deployment={deployment} />
      {deadlineAt !== null && !isOver(deployment) && <Deadline at={deadlineAt} />}
    </Notice>
  )
}

/** What stands in the way, or what goes on, and where one does something about it. */
function wordsFor(
  { id, phase, reason, message, haltedBy }: DeploymentView,
  org: MyOrg,
): ReturnType<typeof haltWords> {
  if (haltedBy !== null && phase !== 'Deleting') return haltWords(haltedBy, org)
  const step = phase === 'Error' || phase === 'Provisioning' ? nextStepFor(reason) : undefined
  return { sentence: message, step: step && { label: step.label, to: paths.deployment(id, step.tab) } }
}

function toneOf(deployment: DeploymentView): Tone {
  const { phase, reason, haltedBy } = deployment
  if (haltedBy !== null && phase !== 'Deleting') return 'warn'
  if (phase !== 'Error' && isHindrance(reason)) return 'warn'
  return statusWord(deployment) === 'Stopped' ? 'neutral' : TONES[phase]
}

function titleOf(deployment: DeploymentView): string {
  const { phase, isUpToDate } = deployment
  switch (statusWord(deployment)) {
    case 'Stopped':
      return isUpToDate ? 'It is stopped' : 'It is being stopped'
    case 'Stopping':
      return 'It is being stopped'
    case 'Ready':
      return isUpToDate ? TITLES.Ready : 'The newest change is on its way'
    case 'Error':
      return titleOfError(deployment)
    case 'Provisioning':
      return titleOfProvisioning(deployment)
    default:
      return TITLES[phase]
  }
}

function titleOfError({ readyRevision, revision }: DeploymentView): string {
  const runsOlder = readyRevision !== null && readyRevision < revision
  return runsOlder ? `Revision ${revision} does not run; ${readyRevision} did` : TITLES.Error
}

function titleOfProvisioning({ reason, readyRevision }: DeploymentView): string {
  if (isHindrance(reason)) return 'Something holds it up'
  return readyRevision === null ? TITLES.Provisioning : 'A change is being rolled out'
}

/** What is being deleted stays so, also when it takes longer than it may. */
const isOver = ({ phase, reason }: DeploymentView): boolean =>
  phase === 'Error' || reason === 'DeadlineExceeded'

function Deadline({ at }: { at: string }) {
  const now = useNow()
  return (
    <p className="figures text-muted">If nothing changes, this becomes an error {formatUntil(at, now)}.</p>
  )
}
