import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { z } from 'zod'

import { SecretKey } from '../../src/contract/names.ts'
import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { SecretValue, type SecretView } from '../../src/modules/secrets/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input, TextArea } from '../ui/field.tsx'
import { showToast } from '../ui/toast.tsx'

interface SecretSetProps {
  deployment: Pick<DeploymentView, 'id'>
  /** The one whose value is replaced; undefined makes a new one. */
  secret: SecretView | undefined
  onClose: () => void
}

const FORM = 'set-secret'
const resolver = zodResolver(z.object({ key: SecretKey, value: SecretValue }))

/** The value goes to the server, and is forgotten here as soon as the dialog closes. */
export function SecretSetDialog({ deployment: { id }, secret, onClose }: SecretSetProps) {
  const utils = trpc.useUtils()
  const form = useForm({ resolver, defaultValues: { key: secret?.key ?? '', value: '' } })
  const { errors } = form.formState
  const set = trpc.secrets.set.useMutation({
    onSuccess: () => {
      void utils.secrets.list.invalidate({ id })
      showToast({
        tone: 'good',
        title: 'The secret is set',
        detail: 'New pods with its value replace the old ones.',
      })
      onClose()
    },
  })
  const save = form.handleSubmit(({ key, value }) =>
    set.mutate({ id, values: { [key]: value }, description: secret?.description ?? '' }),
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={secret ? `Replace ${secret.key}` : 'Add a secret'}
      description={
        secret
          ? 'The services get the new value by new pods. The old value is kept for going back to earlier revisions.'
          : 'All services get it, as a variable of this name.'
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" isBusy={set.isPending}>
            {secret ? 'Replace' : 'Add'}
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={(event) => void save(event)} className="space-y-5">
        {!secret && (
          <Field label="Name" isRequired error={errors.key?.message}>
            {(input) => (
              <Input
                {...input}
                {...form.register('key')}
                autoComplete="off"
                spellCheck={false}
                placeholder="API_TOKEN"
                className="font-mono text-xs"
              />
            )}
          </Field>
        )}
        <Field label="Value" isRequired error={errors.value?.message}>
          {(input) => (
            <TextArea
              {...input}
              {...form.register('value')}
              rows={3}
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-xs [-webkit-text-security:disc]"
            />
          )}
        </Field>
        {set.error && <FaultNotice error={set.error} title="The secret was not set" />}
      </form>
    </Dialog>
  )
}
