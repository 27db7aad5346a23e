import { zodResolver } from '@hookform/resolvers/zod'
import { Plus, X } from 'lucide-react'
import { useFieldArray, useForm, type UseFormReturn } from 'react-hook-form'
import { z } from 'zod'

import { Service } from '../../src/contract/crd/service.ts'
import type { DeploymentView, ServiceView } from '../../src/modules/deployments/schema.ts'
import { usePlan } from '../api/plan.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { errorAt } from '../lib/error-at.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Input } from '../ui/field.tsx'
import { Problem } from '../ui/problem.tsx'
import { showToast } from '../ui/toast.tsx'
import { ChangeBar } from './change-bar.tsx'
import { useBaseRevision } from './use-base-revision.ts'

interface EnvProps {
  deployment: DeploymentView
  spec: ServiceView
}

const EnvSchema = z.object({ env: Service.shape.env.unwrap() })
type EnvValues = z.input<typeof EnvSchema>
type EnvOutput = z.output<typeof EnvSchema>
type EnvForm = UseFormReturn<EnvValues, unknown, EnvOutput>
const resolver = zodResolver(EnvSchema)

const valuesOf = ({ env }: ServiceView): EnvValues => ({
  env: env.map(({ name, value }) => ({ name, value })),
})

/** The variables of one service. Nothing is sent before it is saved, and then as one revision. */
export function DeploymentEnvForm({ deployment, spec }: EnvProps) {
  const { id } = deployment
  const form: EnvForm = useForm<EnvValues, unknown, EnvOutput>({
    resolver,
    defaultValues: valuesOf(spec),
  })
  const { isDirty } = form.formState
  const base = useBaseRevision({
    revision: deployment.revision,
    own: valuesOf(spec),
    isDirty,
    onNewer: () => form.reset(valuesOf(spec)),
  })
  const plan = usePlan()
  const update = trpc.deployments.updateEnv.useMutation({
    onSuccess: ({ revision }, { env = [] }) => {
      const saved = { env: env.map(({ name, value = '' }) => ({ name, value })) }
      form.reset(saved)
      base.set(revision, saved)
      showToast({
        tone: 'good',
        title: 'The variables are saved',
        detail: 'New pods replace the old ones, one after another.',
      })
    },
  })
  const save = form.handleSubmit(({ env }) =>
    update.mutate({ id, baseRevision: base.revision, service: spec.name, env }),
  )
  const preview = form.handleSubmit(({ env }) => plan.ofUpdate({ id, service: spec.name, env }))
  const discard = () => {
    update.reset()
    form.reset(valuesOf(spec))
    base.set(deployment.revision, valuesOf(spec))
  }

  return (
    <form noValidate onSubmit={(event) => void save(event)} className="space-y-3">
      <Rows form={form} service={spec.name} />
      {update.error && <FaultNotice error={update.error} title="The variables were not saved" />}
      <ChangeBar
        label="Save variables"
        isDirty={isDirty}
        isBusy={update.isPending}
        plan={plan}
        onSave={() => void save()}
        onPreview={() => void preview()}
        onDiscard={discard}
      />
    </form>
  )
}

function Rows({ form, service }: { form: EnvForm; service: string }) {
  const { fields, append, remove } = useFieldArray({ control: form.control, name: 'env' })
  return (
    <div role="group" aria-label={`Variables of ${service}`} className="space-y-2">
      <h3 className="font-medium">Variables</h3>
      {fields.length === 0 && <p className="text-muted">It has none yet.</p>}
      {fields.map((field, index) => (
        <Row key={field.id} form={form} index={index} name={field.name} onRemove={() => remove(index)} />
      ))}
      <Problem sentence={errorAt(form.formState.errors, 'env')} />
      <Button
        variant="ghost"
        className="-ml-3"
        icon={<Plus aria-hidden="true" className="size-4" />}
        onClick={() => append({ name: '', value: '' })}
      >
        Add a variable
      </Button>
    </div>
  )
}

interface RowProps {
  form: EnvForm
  index: number
  /** As it was when the row was made. */
  name: string
  onRemove: () => void
}

function Row({ form, index, name, onRemove }: RowProps) {
  const { errors } = form.formState
  const at = `env.${index}` as const
  const wrong = { name: errorAt(errors, `${at}.name`), value: errorAt(errors, `${at}.value`) }
  const called = name || 'the new variable'
  const look = { autoComplete: 'off', spellCheck: false, className: 'font-mono text-xs' }
  return (
    <div className="space-y-1">
      <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] gap-2">
        <Input
          {...form.register(`${at}.name`)}
          {...look}
          aria-label={`Name of ${called}`}
          aria-invalid={wrong.name !== undefined}
          placeholder="NAME"
        />
        <Input
          {...form.register(`${at}.value`)}
          {...look}
          aria-label={`Value of ${called}`}
          aria-invalid={wrong.value !== undefined}
          placeholder="value"
        />
        <IconButton label={`Remove ${called}`} onClick={onRemove}>
          <X className="size-4" />
        </IconButton>
      </div>
      <Problem sentence={wrong.name ?? wrong.value} />
    </div>
  )
}
