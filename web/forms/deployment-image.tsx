import { zodResolver } from '@hookform/resolvers/zod'
import { useEffect } from 'react'
import { useForm } from 'react-hook-form'
import { z } from 'zod'

import { ImageReference } from '../../src/contract/image.ts'
import type { DeploymentView, ServiceView } from '../../src/modules/deployments/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { showToast } from '../ui/toast.tsx'

interface ImageProps {
  deployment: DeploymentView
  spec: ServiceView
}

const resolver = zodResolver(z.object({ image: ImageReference }))

/** Another image for one service. */
export function DeploymentImageForm({ deployment, spec }: ImageProps) {
  const { id, revision } = deployment
  const form = useForm({ resolver, defaultValues: { image: spec.image } })
  const { errors, isDirty } = form.formState
  const deploy = trpc.deployments.deployImage.useMutation({
    onSuccess: (_, { image }) => {
      form.reset({ image })
      showToast({
        tone: 'good',
        title: `${spec.name} gets its new image`,
        detail: 'New pods replace the old ones.',
      })
    },
  })
  useEffect(() => {
    if (!isDirty) form.reset({ image: spec.image })
  }, [form, isDirty, spec.image])

  const save = form.handleSubmit(({ image }) =>
    deploy.mutate({ id, baseRevision: revision, service: spec.name, image }),
  )
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
          </div>
        )}
      </Field>
      {deploy.error && <FaultNotice error={deploy.error} title="The image was not changed" />}
    </form>
  )
}
