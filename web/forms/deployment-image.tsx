import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { z } from 'zod'

import { ImageReference } from '../../src/contract/image.ts'
import type { DeploymentView, ServiceView } from '../../src/modules/deployments/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { showToast } from '../ui/toast.tsx'
import { useBaseRevision } from './use-base-revision.ts'

interface ImageProps {
  deployment: DeploymentView
  spec: ServiceView
}

const resolver = zodResolver(z.object({ image: ImageReference }))

const valuesOf = ({ image }: ServiceView) => ({ image })

/** Another image for one service. */
export function DeploymentImageForm({ deployment, spec }: ImageProps) {
  const { id } = deployment
  const form = useForm({ resolver, defaultValues: valuesOf(spec) })
  const { errors, isDirty } = form.formState
  const base = useBaseRevision({
    revision: deployment.revision,
    own: valuesOf(spec),
    isDirty,
    onNewer: () => form.reset(valuesOf(spec)),
  })
  const deploy = trpc.deployments.deployImage.useMutation({
    onSuccess: ({ revision }, { image }) => {
      form.reset({ image })
      base.set(revision, { image })
      showToast({
        tone: 'good',
        title: `${spec.name} gets its new image`,
        detail: 'New pods replace the old ones.',
      })
    },
  })
  const save = form.handleSubmit(({ image }) =>
    deploy.mutate({ id, baseRevision: base.revision, service: spec.name, image }),
  )
  const discard = () => {
    deploy.reset()
    form.reset(valuesOf(spec))
    base.set(deployment.revision, valuesOf(spec))
  }
  return (
    <form noValidate onSubmit={(event) => void save(event)} className="space-y-3">
      <Field label="Image" isRequired error={errors.image?.message}>
        {(input) => (
          <div className="flex gap-2">
            <Input
              {...input}
              {...form.register('image')}
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-xs"
            />
            <Button type="submit" disabled={!isDirty} isBusy={deploy.isPending}>
              Change
            </Button>
            {isDirty && (
              <Button variant="ghost" onClick={discard}>
                Discard
              </Button>
            )}
          </div>
        )}
      </Field>
      {deploy.error && <FaultNotice error={deploy.error} title="The image was not changed" />}
    </form>
  )
}
