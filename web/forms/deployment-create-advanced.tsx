import { ChevronRight } from 'lucide-react'

import type { TemplateView } from '../../src/modules/templates/schema.ts'
import { errorAt, firstErrorOf } from '../lib/error-at.ts'
import { CheckBox, Field, Input, TextArea } from '../ui/field.tsx'
import type { DeployForm } from './deployment-create-fields.tsx'
import { IngressFields } from './ingress-fields.tsx'

interface AdvancedProps {
  form: DeployForm
  template: TemplateView
  isOpen: boolean
  onToggle: (isOpen: boolean) => void
}

/** What the template has decided already, and seldom has to be otherwise. */
export function AdvancedSection({ form, template, isOpen, onToggle }: AdvancedProps) {
  const { errors } = form.formState
  return (
    <details
      open={isOpen}
      onToggle={(event) => onToggle(event.currentTarget.open)}
      className="group rounded-card border border-line bg-surface shadow-card"
    >
      <summary className="flex min-h-12 list-none items-center gap-2 rounded-card px-4 py-2.5 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden="true"
          className="size-4 text-muted transition-transform group-open:rotate-90"
        />
        <span className="font-semibold">Advanced</span>
        <span className="text-muted">images, replicas, resources, updates, host names, HTTPS</span>
      </summary>
      <div className="space-y-6 px-4 pt-1 pb-5">
        {template.services.map(({ name }, index) => (
          <ServiceFields key={name} form={form} name={name} index={index} />
        ))}
        <CheckBox
          {...form.register('rollbackOnFailure')}
          label="Take back updates that fail"
          hint="When a change does not become ready, what ran before runs again."
        />
        {template.ingress !== null && (
          <Field
            label="Host names of your own"
            hint="One a line, besides the generated one. Their DNS must point here."
            error={firstErrorOf(errors, 'hosts')}
          >
            {(input) => (
              <TextArea
                {...input}
                {...form.register('hosts')}
                rows={2}
                spellCheck={false}
                placeholder="shop.example.com"
              />
            )}
          </Field>
        )}
        {template.ingress !== null && <IngressFields />}
      </div>
    </details>
  )
}

const AMOUNTS = [
  { label: 'CPU, reserved', field: 'requests.cpu' },
  { label: 'CPU, at most', field: 'limits.cpu' },
  { label: 'Memory, reserved', field: 'requests.memory' },
  { label: 'Memory, at most', field: 'limits.memory' },
] as const

function ServiceFields({ form, name, index }: { form: DeployForm; name: string; index: number }) {
  const { errors } = form.formState
  const at = `services.${index}` as const
  return (
    <fieldset className="space-y-4">
      <legend className="mb-3 w-full border-b border-line pb-1.5 font-semibold">{name}</legend>
      <div className="grid gap-4 sm:grid-cols-[1fr_9rem]">
        <Field label="Image" isRequired error={errorAt(errors, `${at}.image`)}>
          {(input) => (
            <Input
              {...input}
              {...form.register(`${at}.image`)}
              autoComplete="off"
              spellCheck={false}
              className="font-mono text-xs"
            />
          )}
        </Field>
        <Field label="Replicas" error={errorAt(errors, `${at}.replicas`)}>
          {(input) => (
            <Input {...input} {...form.register(`${at}.replicas`)} inputMode="numeric" placeholder="1" />
          )}
        </Field>
      </div>
      <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        {AMOUNTS.map(({ label, field }) => (
          <Field key={field} label={label} isRequired error={errorAt(errors, `${at}.resources.${field}`)}>
            {(input) => (
              <Input {...input} {...form.register(`${at}.resources.${field}`)} spellCheck={false} />
            )}
          </Field>
        ))}
      </div>
    </fieldset>
  )
}
