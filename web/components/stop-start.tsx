import { Play, Square } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'

import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { describeError } from '../api/errors.ts'
import { trpc } from '../api/trpc.ts'
import { Button } from '../ui/button.tsx'
import { showToast } from '../ui/toast.tsx'
import { haltTip } from './halt-words.ts'
import { useWhyNot } from './use-why-not.ts'

const loadStop = () => import('../forms/deployment-stop.tsx')
const StopDialog = lazy(async () => ({ default: (await loadStop()).DeploymentStopDialog }))

/** One of the two, for what is so now. Stopping is asked about; starting takes nothing from anybody. */
export function StopStart({ deployment }: { deployment: DeploymentView }) {
  const [isStopping, setStopping] = useState(false)
  const { haltedBy } = deployment
  const refused = useWhyNot(deployment)('deployment:suspend')
  // Started by hand it would not run either.
  const whyNot = refused ?? (haltedBy === null ? undefined : haltTip(haltedBy))
  return (
    <>
      {deployment.suspended ? (
        <Start deployment={deployment} whyNot={whyNot} />
      ) : (
        <Button
          icon={<Square aria-hidden="true" className="size-4" />}
          disabled={whyNot !== undefined}
          title={whyNot}
          onPointerEnter={() => void loadStop().catch(() => undefined)}
          onClick={() => setStopping(true)}
        >
          Stop
        </Button>
      )}
      {isStopping && (
        <Suspense>
          <StopDialog deployment={deployment} onClose={() => setStopping(false)} />
        </Suspense>
      )}
    </>
  )
}

function Start({ deployment: { id }, whyNot }: { deployment: DeploymentView; whyNot: string | undefined }) {
  const resume = trpc.deployments.resume.useMutation({
    onSuccess: () =>
      showToast({ tone: 'good', title: 'It is starting', detail: 'Its pods come back, with the same data.' }),
    onError: (error) =>
      showToast({ tone: 'bad', title: 'It was not started', detail: describeError(error).sentence }),
  })
  return (
    <Button
      variant="primary"
      icon={<Play aria-hidden="true" className="size-4" />}
      isBusy={resume.isPending}
      disabled={whyNot !== undefined}
      title={whyNot}
      onClick={() => resume.mutate({ id })}
    >
      Start
    </Button>
  )
}
