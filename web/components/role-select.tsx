import { Select } from '../ui/field.tsx'

interface RoleSelectProps<R extends string> {
  /** Whose role, for those who cannot see the row. */
  label: string
  value: R
  names: Readonly<Record<R, string>>
  /** What may be chosen. */
  options: readonly R[]
  /** Why it cannot be changed. */
  whyNot: string | undefined
  isBusy: boolean
  onChange: (role: R) => void
}

/** A role that is changed where it stands, or shown with the reason why not. */
export function RoleSelect<R extends string>(props: RoleSelectProps<R>) {
  const { label, value, names, options, whyNot, isBusy, onChange } = props
  const shown = options.includes(value) ? options : [value, ...options]
  return (
    <Select
      aria-label={label}
      title={whyNot}
      value={value}
      disabled={whyNot !== undefined || isBusy}
      onChange={(event) => onChange(event.target.value as R)}
    >
      {shown.map((role) => (
        <option key={role} value={role}>
          {names[role]}
        </option>
      ))}
    </Select>
  )
}
