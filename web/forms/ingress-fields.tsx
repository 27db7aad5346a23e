import { Plus, X } from 'lucide-react'
import { useFieldArray, useFormContext } from 'react-hook-form'

import { errorAt } from '../lib/error-at.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { CheckBox, Field, Input } from '../ui/field.tsx'
import { Problem } from '../ui/problem.tsx'
import type { WithIngress } from './ingress-values.ts'

const LOOK = { autoComplete: 'off', spellCheck: false, className: 'font-mono text-xs' }

/** How requests are taken in: a part of any form that has them (`FormProvider`). */
export function IngressFields() {
  const { register, formState } = useFormContext<WithIngress>()
  return (
    <div className="space-y-4">
      <CheckBox
        {...register('ingress.redirectToHttps')}
        label="Lead everybody to HTTPS"
        hint="Whoever comes without encryption is sent to the same address with it."
      />
      <Headers />
      <Field
        label="Secret with a certificate of your own"
        hint="Its name in the namespace, of the type kubernetes.io/tls. It stands for all host names; somebody else keeps it valid."
        error={errorAt(formState.errors, 'ingress.tls.secretName')}
      >
        {(input) => (
          <Input {...input} {...register('ingress.tls.secretName')} {...LOOK} placeholder="shop-tls" />
        )}
      </Field>
    </div>
  )
}

function Headers() {
  const { control, formState } = useFormContext<WithIngress>()
  const { fields, append, remove } = useFieldArray({ control, name: 'ingress.responseHeaders' })
  return (
    <div role="group" aria-label="Headers of every answer" className="space-y-2">
      <h3 className="font-medium">Headers of every answer</h3>
      <p className="text-muted">One without a value is taken away from what the service answers.</p>
      {fields.map((field, index) => (
        <Header key={field.id} index={index} name={field.name} onRemove={() => remove(index)} />
      ))}
      <Problem sentence={errorAt(formState.errors, 'ingress.responseHeaders')} />
      <Button
        variant="ghost"
        className="-ml-3"
        icon={<Plus aria-hidden="true" className="size-4" />}
        onClick={() => append({ name: '', value: '' })}
      >
        Add a header
      </Button>
    </div>
  )
}

interface HeaderProps {
  index: number
  /** As it was when the row was made. */
  name: string
  onRemove: () => void
}

function Header({ index, name, onRemove }: HeaderProps) {
  const { register, formState } = useFormContext<WithIngress>()
  const at = `ingress.responseHeaders.${index}` as const
  const wrong = {
    name: errorAt(formState.errors, `${at}.name`),
    value: errorAt(formState.errors, `${at}.value`),
  }
  const called = name || 'the new header'
  return (
    <div className="space-y-1">
      <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] gap-2">
        <Input
          {...register(`${at}.name`)}
          {...LOOK}
          aria-label={`Name of ${called}`}
          aria-invalid={wrong.name !== undefined}
          placeholder="X-Frame-Options"
        />
        <Input
          {...register(`${at}.value`)}
          {...LOOK}
          aria-label={`Value of ${called}`}
          aria-invalid={wrong.value !== undefined}
          placeholder="DENY"
        />
        <IconButton label={`Remove ${called}`} onClick={onRemove}>
          <X className="size-4" />
        </IconButton>
      </div>
      <Problem sentence={wrong.name ?? wrong.value} />
    </div>
  )
}
