import { useId, type ReactNode } from 'react'

import { cx } from './cx.ts'

interface SwitchProps {
  label: ReactNode
  /** What it means, as it stands now. */
  hint?: ReactNode
  isOn: boolean
  /** The change is under way: it takes no second press. */
  isBusy?: boolean
  disabled?: boolean
  onChange: (isOn: boolean) => void
}

/** On or off, at once: nothing has to be saved after it. */
export function Switch({ label, hint, isOn, isBusy = false, disabled = false, onChange }: SwitchProps) {
  const id = useId()
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <span id={id} className="font-medium wrap-anywhere">
          {label}
        </span>
        {hint !== undefined && (
          <div id={`${id}-hint`} className="text-muted wrap-anywhere">
            {hint}
          </div>
        )}
      </div>
      <button
        type="button"
        role="switch"
        aria-checked={isOn}
        aria-labelledby={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        aria-busy={isBusy || undefined}
        disabled={disabled || isBusy}
        onClick={() => onChange(!isOn)}
        className="group control-height flex shrink-0 items-center rounded-control disabled:opacity-55"
      >
        <span
          className={cx(
            'flex h-5 w-9 items-center rounded-full border p-0.5 transition-colors',
            isOn
              ? 'border-transparent bg-accent-solid'
              : 'border-field bg-sunken group-enabled:group-hover:bg-hover',
          )}
        >
          <span
            className={cx(
              'size-3.5 rounded-full transition-transform',
              isOn ? 'translate-x-4 bg-on-accent' : 'bg-field',
            )}
          />
        </span>
      </button>
    </div>
  )
}
