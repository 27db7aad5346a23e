import type { UserId } from '../../src/contract/ids.ts'
import { Field, Select } from '../ui/field.tsx'

interface MemberPickProps {
  label: string
  hint?: string
  members: readonly { userId: UserId; name: string; email: string }[]
  value: UserId | undefined
  onChange: (userId: UserId | undefined) => void
}

/** One of the members. */
export function MemberPick({ label, hint, members, value, onChange }: MemberPickProps) {
  return (
    <Field label={label} isRequired {...(hint === undefined ? {} : { hint })}>
      {(input) => (
        <Select
          {...input}
          className="w-full"
          value={value ?? ''}
          onChange={(event) => onChange(members.find(({ userId }) => userId === event.target.value)?.userId)}
        >
          <option value="">Choose a member</option>
          {members.map(({ userId, name, email }) => (
            <option key={userId} value={userId}>
              {name} ({email})
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}
