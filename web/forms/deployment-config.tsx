import { zodResolver } from '@hookform/resolvers/zod'
import { Plus } from 'lucide-react'
import { useForm, useFieldArray, type UseFormReturn } from 'react-hook-form'
import { z } from 'zod'

import { Service } from '../../src/contract/crd/service.ts'
import type { DeploymentView, ServiceView } from '../../src/modules/deployments/schema.ts'
import { usePlan } from '../api/plan.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { errorAt } from '../lib/error-at.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input, TextArea } from '../ui/field.tsx'
import { Problem } from '../ui/problem.tsx'
import { showToast } from '../ui/toast.tsx'
import { ChangeBar } from './change-bar.tsx'
import { useBaseRevision } from './use-base-revision.ts'

interface ConfigProps {
  deployment: DeploymentView
  spec: ServiceView
}

const ConfigSchema = z.object({ configFiles: Service.shape.configFiles.unwrap() })
type ConfigValues = z.input<typeof ConfigSchema>
type ConfigOutput = z.output<typeof ConfigSchema>
type ConfigForm = UseFormReturn<ConfigValues, unknown, ConfigOutput>
const resolver = zodResolver(ConfigSchema)

/** The permissions of a file are not shown, and kept. */
const valuesOf = ({ configFiles }: ServiceView): ConfigValues => ({ configFiles })

/** The config files of one service. Nothing is sent before it is saved, and then as one revision. */
export function DeploymentConfigForm({ deployment, spec }: ConfigProps) {
  const { id } = deployment
  const service = spec.name
  const form: ConfigForm = useForm<ConfigValues, unknown, ConfigOutput>({
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
  const update = trpc.deployments.updateConfig.useMutation({
    onSuccess: ({ revision }, { configFiles = [] }) => {
      form.reset({ configFiles })
      base.set(revision, { configFiles })
      showToast({
        tone: 'good',
        title: 'The config files are saved',
        detail: 'New pods replace the old ones, one after another.',
      })
    },
  })
  const save = form.handleSubmit(({ configFiles }) =>
    update.mutate({ id, baseRevision: base.revision, service, configFiles }),
  )
  const preview = form.handleSubmit(({ configFiles }) => plan.ofUpdate({ id, service, configFiles }))
  const discard = () => {
    update.reset()
    form.reset(valuesOf(spec))
    base.set(deployment.revision, valuesOf(spec))
  }
  return (
    <form noValidate onSubmit={(event) => void save(event)} className="space-y-3">
      <Files form={form} service={service} />
      {update.error && <FaultNotice error={update.error} title="The config files were not saved" />}
      <ChangeBar
        label="Save config files"
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

function Files({ form, service }: { form: ConfigForm; service: string }) {
  const { fields, append, remove } = useFieldArray({ control: form.control, name: 'configFiles' })
  return (
    <div role="group" aria-label={`Config files of ${service}`} className="space-y-3">
      <h3 className="font-medium">Config files</h3>
      {fields.length === 0 && <p className="text-muted">It has none yet.</p>}
      {fields.map((field, index) => (
        <File key={field.id} form={form} index={index} path={field.path} onRemove={() => remove(index)} />
      ))}
      <Problem sentence={errorAt(form.formState.errors, 'configFiles')} />
      <Button
        variant="ghost"
        className="-ml-3"
        icon={<Plus aria-hidden="true" className="size-4" />}
        onClick={() => append({ path: '', content: '' })}
      >
        Add a config file
      </Button>
    </div>
  )
}

interface FileProps {
  form: ConfigForm
  index: number
  /** As it was when the row was made. */
  path: string
  onRemove: () => void
}

function File({ form, index, path, onRemove }: FileProps) {
  const { errors } = form.formState
  const at = `configFiles.${index}` as const
  const called = path || 'the new file'
  const look = { autoComplete: 'off', spellCheck: false, className: 'font-mono text-xs' }
  return (
    <div className="space-y-3 rounded-control border border-line p-3">
      <Field
        label="Path"
        isRequired
        error={errorAt(errors, `${at}.path`)}
        aside={
          <Button
            variant="ghost"
            aria-label={`Remove ${called}`}
            className="-my-1.5 -mr-3"
            onClick={onRemove}
          >
            Remove
          </Button>
        }
      >
        {(input) => (
          <Input {...input} {...form.register(`${at}.path`)} {...look} placeholder="/etc/app/config.yaml" />
        )}
      </Field>
      <Field label="Content" error={errorAt(errors, `${at}.content`)}>
        {(input) => (
          <TextArea
            {...input}
            {...form.register(`${at}.content`)}
            {...look}
            aria-label={`Content of ${called}`}
            rows={6}
          />
        )}
      </Field>
    </div>
  )
}
