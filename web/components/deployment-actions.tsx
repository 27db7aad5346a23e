import { ExternalLink, RotateCw, Trash2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'

import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { describeError } from '../api/errors.ts'
import { trpc } from '../api/trpc.ts'
import { isWebAddress } from '../lib/format.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { showToast } from '../ui/toast.tsx'
import { StopStart } from './stop-start.tsx'
import { useWhyNot } from './use-why-not.ts'

const loadDelete = () => import('../forms/deployment-delete.tsx')
const DeleteDialog = lazy(async () => ({ default: (await loadDelete()).DeploymentDeleteDialog }))

/** What one does to a deployment as a whole. What one's role or its state forbids says why. */
export function DeploymentActions({ deployment }: { deployment: DeploymentView }) {
  const { id, phase, suspended } = deployment
  const whyNot = useWhyNot(deployment)
  const [isDeleting, setDeleting] = useState(false)
  const restart = trpc.deployments.restart.useMutation({
    onSuccess: () =>
      showToast({
        tone: 'good',
        title: 'It is restarting',
        detail: 'New pods replace the old ones, one after another.',
      }),
    onError: (error) =>
      showToast({ tone: 'bad', title: 'It was not restarted', detail: describeError(error).sentence }),
  })
  const isGoing = phase === 'Deleting'
  // Its address is known beforehand, but until it was ready once, and while it is stopped, nothing answers there.
  const answers = deployment.readyRevision !== null && !suspended && !isGoing
  const url = answers ? deployment.urls.find(isWebAddress) : undefined
  const noRestart =
    whyNot('deployment:restart') ?? (suspended ? 'It is stopped: there is nothing to restart.' : undefined)
  const noDelete = whyNot('deployment:delete')

  return (
    <>
      <Button
        icon={<RotateCw aria-hidden="true" className="size-4" />}
        isBusy={restart.isPending}
        disabled={noRestart !== undefined}
        title={noRestart}
        onClick={() => restart.mutate({ id })}
      >
        Restart
      </Button>
      <StopStart deployment={deployment} />
      <Button
        icon={<Trash2 aria-hidden="true" className="size-4" />}
        disabled={noDelete !== undefined}
        title={noDelete}
        onPointerEnter={() => void loadDelete().catch(() => undefined)}
        onClick={() => setDeleting(true)}
      >
        Delete
      </Button>
      {url !== undefined && (
        <a
          href={url}
          target="_blank"
          rel="noreferrer"
          className={buttonClass('primary', 'max-sm:order-first')}
        >
          Open
          <ExternalLink aria-hidden="true" className="size-4" />
        </a>
      )}
      {isDeleting && (
        <Suspense>
          <DeleteDialog deployment={deployment} onClose={() => setDeleting(false)} />
        </Suspense>
      )}
    </>
  )
}
