import { initialOf } from '../lib/initial.ts'
import { cx } from '../ui/cx.ts'

/** Quiet colours that differ; which one a template has depends on its name alone. */
const COLOURS = [
  'bg-accent-tint text-accent',
  'bg-good-tint text-good',
  'bg-warn-tint text-warn',
  'bg-hover text-muted',
]

const sumOf = (text: string): number => new TextEncoder().encode(text).reduce((sum, byte) => sum + byte, 0)

/** The first letter of a template, as its picture. */
export function TemplateMark({ name }: { name: string }) {
  const colour = COLOURS[sumOf(name) % COLOURS.length]
  return (
    <span
      aria-hidden="true"
      className={cx('grid size-9 shrink-0 place-items-center rounded-lg text-base font-semibold', colour)}
    >
      {initialOf(name)}
    </span>
  )
}
