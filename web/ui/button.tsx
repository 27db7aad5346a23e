import type { ButtonHTMLAttributes, ComponentProps, ReactNode } from 'react'

import { cx } from './cx.ts'
import { Spinner } from './spinner.tsx'

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger'

const VARIANTS: Record<ButtonVariant, string> = {
  primary: 'border-transparent bg-accent-solid text-on-accent enabled:hover:bg-accent-solid-hover',
  secondary: 'border-line-strong bg-surface text-ink shadow-card enabled:hover:bg-hover',
  ghost: 'border-transparent bg-transparent text-muted enabled:hover:bg-hover enabled:hover:text-ink',
  danger: 'border-transparent bg-bad-solid text-on-accent enabled:hover:bg-bad-solid-hover',
}

const SHAPE =
  'control-height inline-flex shrink-0 items-center justify-center gap-1.5 rounded-control border text-sm font-medium whitespace-nowrap transition-colors select-none disabled:opacity-55'

/** The looks of a button, for links that are one to the eye. */
export function buttonClass(variant: ButtonVariant = 'secondary', className?: string): string {
  return cx(SHAPE, 'px-3', VARIANTS[variant].replaceAll('enabled:', ''), className)
}

interface ButtonProps extends ComponentProps<'button'> {
  variant?: ButtonVariant
  /** Work is under way: the button keeps its place and takes no second press. */
  isBusy?: boolean
  icon?: ReactNode
}

export function Button({
  variant = 'secondary',
  isBusy = false,
  icon,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy || undefined}
      className={cx(SHAPE, 'px-3', VARIANTS[variant], className)}
    >
      {isBusy ? <Spinner /> : icon}
      {children}
    </button>
  )
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does, for those who cannot see the icon, and as a tip for those who can. */
  label: string
  variant?: ButtonVariant
}

/** A square button with an icon alone. */
export function IconButton({ label, variant = 'ghost', className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      className={cx(SHAPE, 'min-w-8 pointer-coarse:min-w-10', VARIANTS[variant], className)}
    >
      {children}
    </button>
  )
}
