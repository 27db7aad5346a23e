import { Field, Input } from '../ui/field.tsx'

/** Spaces at the ends, and doubled ones, cannot be seen, so they are not asked for. */
const plain = (text: string): string => text.trim().replaceAll(/\s+/g, ' ')

/** Whether what was typed is the name that was asked for. */
export const isTypedRight = (typed: string, name: string): boolean => plain(typed) === plain(name)

interface TypedNameProps {
  name: string
  typed: string
  onType: (typed: string) => void
}

/** Asks for the name of what is about to go: nobody types that by mistake. */
export function TypedName({ name, typed, onType }: TypedNameProps) {
  return (
    <Field
      label={
        <>
          To confirm, type <span className="font-semibold">{name}</span>
        </>
      }
      isRequired
    >
      {(input) => (
        <Input
          {...input}
          name="confirmation"
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onType(event.target.value)}
        />
      )}
    </Field>
  )
}
