import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { z } from 'zod'

import { ScaleService, type DeploymentView, type ServiceView } from '../../src/modules/deployments/schema.ts'
import { usePlan } from '../api/plan.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { Field, Input } from '../ui/field.tsx'
import { showToast } from '../ui/toast.tsx'
import { ChangeBar } from './change-bar.tsx'
import { mostPods, scaleHint } from './scale-words.ts'
import { useBaseRevision } from './use-base-revision.ts'

interface ScaleProps {
  deployment: DeploymentView
  spec: ServiceView
}

const Scaled = z.object({ replicas: ScaleService.shape.replicas })
const resolver = zodResolver(Scaled)
/** The server refuses it too: a volume is held by one pod. */
const resolverWithVolume = zodResolver(
  Scaled.refine(({ replicas }) => replicas <= 1, {
    path: ['replicas'],
    error: 'This service has a volume, which only one pod can hold: choose 1 or 0.',
  }),
)

/** Scaled by load it has no number of its own: the field shows what it has at least. */
const valuesOf = ({ replicas, autoscaling }: ServiceView) => ({
  replicas: replicas ?? autoscaling?.minReplicas ?? 1,
})

/** A number that is saved takes the place of both. */
const ownOf = ({ replicas, autoscaling }: Pick<ServiceView, 'replicas' | 'autoscaling'>) => ({
  replicas,
  autoscaling,
})

/** How many pods of one service run. */
export function DeploymentScaleForm({ deployment, spec }: ScaleProps) {
  const { id } = deployment
  const service = spec.name
  const form = useForm({
    resolver: mostPods(spec) === 1 ? resolverWithVolume : resolver,
    defaultValues: valuesOf(spec),
  })
  const { errors, isDirty } = form.formState
  const base = useBaseRevision({
    revision: deployment.revision,
    own: ownOf(spec),
    isDirty,
    onNewer: () => form.reset(valuesOf(spec)),
  })
  const plan = usePlan()
  const scale = trpc.deployments.scale.useMutation({
    onSuccess: ({ revision }, { replicas }) => {
      form.reset({ replicas })
      base.set(revision, ownOf({ replicas, autoscaling: null }))
      showToast({
        tone: 'good',
        title: `${service} is scaled to ${replicas === 1 ? '1 pod' : `${replicas} pods`}`,
      })
    },
  })
  const save = form.handleSubmit(({ replicas }) =>
    scale.mutate({ id, baseRevision: base.revision, service, replicas }),
  )
  const preview = form.handleSubmit(({ replicas }) => plan.ofUpdate({ id, service, replicas }))
  const discard = () => {
    scale.reset()
    form.reset(valuesOf(spec))
    base.set(deployment.revision, ownOf(spec))
  }
  return (
    <form noValidate onSubmit={(event) => void save(event)} className="space-y-3">
      <Field label="Pods" isRequired hint={scaleHint(spec)} error={errors.replicas?.message}>
        {(input) => (
          <Input
            {...input}
            {...form.register('replicas', { valueAsNumber: true })}
            type="number"
            inputMode="numeric"
            min={0}
            max={mostPods(spec)}
            className="figures max-w-24"
          />
        )}
      </Field>
      {scale.error && <FaultNotice error={scale.error} title={`${service} was not scaled`} />}
      <ChangeBar
        label="Scale"
        isDirty={isDirty}
        isBusy={scale.isPending}
        plan={plan}
        onSave={() => void save()}
        onPreview={() => void preview()}
        onDiscard={discard}
      />
    </form>
  )
}
