import { useState, type ReactNode, type SubmitEvent } from 'react'
import type { z } from 'zod'

import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input } from '../ui/field.tsx'

interface NameDialogProps {
  title: string
  description: ReactNode
  schema: z.ZodType<string, string>
  /** On the button. */
  word: string
  isBusy: boolean
  error: unknown
  onSave: (name: string) => void
  onClose: () => void
  /** Below the field. */
  children?: ReactNode
}

const FORM = 'name'

/** Asks for the name of what is to be made. */
export function NameDialog(props: NameDialogProps) {
  const { title, description, schema, word, isBusy, error, onSave, onClose, children } = props
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string>()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const parsed = schema.safeParse(name)
    setProblem(parsed.error?.issues[0]?.message)
    if (parsed.success) onSave(parsed.data)
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" isBusy={isBusy}>
            {word}
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={submit} className="space-y-4">
        <Field label="Name" isRequired error={problem}>
          {(input) => (
            <Input
              {...input}
              value={name}
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {children}
        {error !== null && error !== undefined && <FaultNotice error={error} title="Nothing was made" />}
      </form>
    </Dialog>
  )
}
