import { useState, type SubmitEvent } from 'react'
import type { z } from 'zod'

import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'

interface OneFieldProps {
  label: string
  hint?: string
  value: string
  schema: z.ZodType<string, string>
  /** Why it cannot be changed. */
  whyNot: string | undefined
  save: { isPending: boolean; error: unknown; mutate: (value: string) => void }
  className?: string
}

/** A field that is changed by itself: what it is now, and a button to save what it is to be. */
export function OneField({ label, hint, value, schema, whyNot, save, className }: OneFieldProps) {
  const [typed, setTyped] = useState(value)
  const [problem, setProblem] = useState<string>()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const parsed = schema.safeParse(typed)
    setProblem(parsed.error?.issues[0]?.message)
    if (parsed.success) save.mutate(parsed.data)
  }
  return (
    <form noValidate onSubmit={submit} className="space-y-3">
      <Field label={label} isRequired error={problem} {...(hint === undefined ? {} : { hint })}>
        {(input) => (
          <div className="flex gap-2">
            <Input
              {...input}
              value={typed}
              autoComplete="off"
              spellCheck={false}
              disabled={whyNot !== undefined}
              title={whyNot}
              onChange={(event) => setTyped(event.target.value)}
              className={className}
            />
            <Button
              type="submit"
              isBusy={save.isPending}
              disabled={whyNot !== undefined || typed === value}
              title={whyNot}
            >
              Save
            </Button>
          </div>
        )}
      </Field>
      {save.error !== null && save.error !== undefined && (
        <FaultNotice error={save.error} title="It was not changed" />
      )}
    </form>
  )
}
