import type { Difference, Repair } from '../../src/modules/comparison/schema.ts'
import { Button } from '../ui/button.tsx'

const WORDS: Readonly<Record<Repair['how'], string>> = {
  fold: 'Ask Stripe again',
  cancel: 'Cancel it',
  recount: 'Count again',
  push: 'Push again',
}

/** On the button that mends it. */
const wordOf = ({ how }: Repair): string => WORDS[how]

interface DifferenceRowProps {
  difference: Difference
  isBusy: boolean
  onRepair: () => void
}

/** One thing that two places do not agree upon, and what to do about it. */
export function DifferenceRow({ difference, isBusy, onRepair }: DifferenceRowProps) {
  const { name, sentence, detail, repair } = difference
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="font-medium wrap-anywhere">{name}</p>
        <p className="wrap-anywhere">{sentence}</p>
        <p className="text-xs text-muted wrap-anywhere">{detail}</p>
      </div>
      <Button
        aria-label={`${wordOf(repair)}: ${name}`}
        variant={repair.how === 'cancel' ? 'danger' : 'secondary'}
        isBusy={isBusy}
        onClick={onRepair}
      >
        {wordOf(repair)}
      </Button>
    </li>
  )
}
