import { zodResolver } from '@hookform/resolvers/zod'
import { FormProvider, useForm } from 'react-hook-form'

import type { IngressManner } from '../../src/contract/crd/ingress.ts'
import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { usePlan } from '../api/plan.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { showToast } from '../ui/toast.tsx'
import { ChangeBar } from './change-bar.tsx'
import { IngressFields } from './ingress-fields.tsx'
import { ingressForm, NO_MANNER, valuesOf, type WithIngress } from './ingress-values.ts'
import { useBaseRevision } from './use-base-revision.ts'

const resolver = zodResolver(ingressForm)

const presentOf = ({ ingress }: DeploymentView): WithIngress => ({ ingress: valuesOf(ingress ?? NO_MANNER) })

/** How a deployment takes requests in. Nothing is sent before it is saved, and then as one revision. */
export function DeploymentIngressForm({ deployment }: { deployment: DeploymentView }) {
  const { id } = deployment
  const form = useForm<WithIngress, unknown, { ingress: IngressManner }>({
    resolver,
    defaultValues: presentOf(deployment),
  })
  const { isDirty } = form.formState
  const base = useBaseRevision({
    revision: deployment.revision,
    own: presentOf(deployment),
    isDirty,
    onNewer: () => form.reset(presentOf(deployment)),
  })
  const plan = usePlan()
  const update = trpc.deployments.updateIngress.useMutation({
    onSuccess: ({ revision }) => {
      const saved = form.getValues()
      form.reset(saved)
      base.set(revision, saved)
      showToast({
        tone: 'good',
        title: 'What happens to requests is saved',
        detail: 'The pods go on as they are.',
      })
    },
  })
  const save = form.handleSubmit(({ ingress }) => update.mutate({ id, baseRevision: base.revision, ingress }))
  const preview = form.handleSubmit(({ ingress }) => plan.ofUpdate({ id, ingress }))
  const discard = () => {
    update.reset()
    form.reset(presentOf(deployment))
    base.set(deployment.revision, presentOf(deployment))
  }
  return (
    <FormProvider {...form}>
      <form noValidate onSubmit={(event) => void save(event)} className="space-y-3">
        <IngressFields />
        {update.error && <FaultNotice error={update.error} title="It was not saved" />}
        <ChangeBar
          label="Save requests"
          isDirty={isDirty}
          isBusy={update.isPending}
          plan={plan}
          onSave={() => void save()}
          onPreview={() => void preview()}
          onDiscard={discard}
        />
      </form>
    </FormProvider>
  )
}
