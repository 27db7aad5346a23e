import { isToldByLog } from '../../src/contract/crd/conditions.ts'
import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import type { LastLines as Lines } from '../../src/modules/logs/schema.ts'
import { useSession } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { CodeBlock } from '../ui/code-block.tsx'

/** Containers begin anew meanwhile, and end of something else. */
const LOOK_MS = 15_000

/** What the containers that ended said last, beside the sentence that says that they did. */
export function LastLines({ deployment: { id, services } }: { deployment: DeploymentView }) {
  const { may } = useSession()
  const isAsked = may('log:read') && services.some(({ reason }) => isToldByLog(reason))
  const last = trpc.deployments.lastLines.useQuery({ id }, { enabled: isAsked, refetchInterval: LOOK_MS })
  // Without them the sentence is all there is, as it was before they came.
  if (!isAsked || !last.data) return null
  return last.data.runs.map((run) => <Run key={run.service} run={run} />)
}

function Run({ run: { service, lines, isCut } }: { run: Lines['runs'][number] }) {
  if (lines.length === 0) return <p className="my-2 text-muted">{service} said nothing before it ended.</p>
  return (
    <div className="my-2">
      <p className="mb-1 text-muted">
        The last {lines.length === 1 ? 'line' : `${lines.length} lines`} of {service} before it ended
        {isCut && ', shortened'}:
      </p>
      <CodeBlock code={lines.join('\n')} what={`the last lines of ${service}`} className="max-h-60" />
    </div>
  )
}
