import { cx } from './cx.ts'

interface SegmentsProps<Value extends string> {
  /** Of the group, for those who do not see it. */
  label: string
  /** What each value is called, in their order. */
  options: Readonly<Record<Value, string>>
  value: Value
  onChange: (value: Value) => void
}

/** One of a few views of the same thing. Quieter than buttons: choosing does nothing to anything. */
export function Segments<Value extends string>({ label, options, value, onChange }: SegmentsProps<Value>) {
  return (
    <div
      role="group"
      aria-label={label}
      className="inline-flex max-w-full flex-wrap gap-1 rounded-control border border-line bg-sunken p-1"
    >
      {(Object.keys(options) as Value[]).map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === value}
          onClick={() => onChange(each)}
          className={cx(
            'min-h-7 rounded-sm px-3 whitespace-nowrap pointer-coarse:min-h-9',
            each === value ? 'bg-surface font-medium text-ink shadow-card' : 'text-muted hover:text-ink',
          )}
        >
          {options[each]}
        </button>
      ))}
    </div>
  )
}
