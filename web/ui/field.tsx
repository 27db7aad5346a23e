import { ChevronDown } from 'lucide-react'
import { useId, type ComponentProps, type ReactNode } from 'react'

import { cx } from './cx.ts'
import { Problem } from './problem.tsx'

/** What ties an input to its label, its hint and its error. */
interface FieldInput {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
  'aria-required': true | undefined
}

interface FieldProps {
  label: ReactNode
  /** Beside the label: a badge, a button. */
  aside?: ReactNode
  hint?: ReactNode
  /** A sentence that says what to do. */
  error?: string | undefined
  isRequired?: boolean
  children: (input: FieldInput) => ReactNode
}

/** A label, an input, what it is for, and what is wrong with it. */
export function Field({ label, aside, hint, error, isRequired = false, children }: FieldProps) {
  const id = useId()
  const notes = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean)
  return (
    <div className="space-y-1.5">
      <div className="flex min-h-5 items-center justify-between gap-2">
        <label htmlFor={id} className="font-medium wrap-anywhere">
          {label}
          {!isRequired && <span className="ml-1.5 text-xs font-normal text-muted">optional</span>}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': notes.length > 0 ? notes.join(' ') : undefined,
        'aria-invalid': error === undefined ? undefined : true,
        'aria-required': isRequired || undefined,
      })}
      <Problem id={`${id}-error`} sentence={error} />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-muted">
          {hint}
        </p>
      )}
    </div>
  )
}

/** The looks of everything one types into. Under a finger 16 px, or phones zoom into it. */
const INPUT_CLASS =
  'control-height rounded-control border border-field bg-surface px-2.5 text-sm text-ink pointer-coarse:text-base disabled:opacity-60 aria-invalid:border-bad'

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={cx(INPUT_CLASS, 'w-full', className)} />
}

/** As wide as its longest choice; `className` is the frame's. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={cx('relative inline-block', className)}>
      <select {...rest} className={cx(INPUT_CLASS, 'w-full appearance-none pr-8')} />
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted"
      />
    </span>
  )
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea {...rest} className={cx(INPUT_CLASS, 'block w-full py-1.5', className)} />
}

/** Yes or no. */
export function CheckBox({ label, hint, className, ...rest }: ChoiceProps) {
  const id = useId()
  return (
    <label htmlFor={id} className={cx('flex cursor-pointer gap-2.5', className)}>
      <input {...rest} type="checkbox" id={id} className="mt-0.5 size-4 shrink-0 accent-accent-solid" />
      <span>
        <span className="block font-medium">{label}</span>
        <span className="block text-muted">{hint}</span>
      </span>
    </label>
  )
}

interface ChoiceProps extends ComponentProps<'input'> {
  label: string
  hint: string
}

/** One of several choices, as a card of its own. */
export function Choice({ label, hint, ...rest }: ChoiceProps) {
  const id = useId()
  return (
    <label
      htmlFor={id}
      className="flex cursor-pointer gap-2.5 rounded-control border border-line-strong px-3 py-2.5 hover:bg-hover has-checked:border-accent has-checked:bg-accent-tint has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
    >
      <input
        {...rest}
        type="radio"
        id={id}
        className="mt-0.5 size-4 shrink-0 accent-accent-solid outline-none"
      />
      <span>
        <span className="block font-medium">{label}</span>
        <span className="block text-muted">{hint}</span>
      </span>
    </label>
  )
}
