import type { Finding } from '../../src/modules/garbage/schema.ts'
import { Button } from '../ui/button.tsx'
import { Age } from './age.tsx'
import { repairWord } from './repair-words.ts'

/** One thing that belongs to nobody, or that is missing, and what to do about it. */
export function FindingRow({ finding, onRepair }: { finding: Finding; onRepair: () => void }) {
  const { target, name, sentence, since } = finding
  const place = target.of === 'object' ? target.namespace : null
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="font-medium wrap-anywhere">{name}</p>
        <p className="wrap-anywhere">{sentence}</p>
        <p className="text-xs text-muted wrap-anywhere">
          {place !== null && (
            <>
              <code className="font-mono">{place}</code> ·{' '}
            </>
          )}
          {target.of === 'deployment' ? 'changed' : 'made'} <Age at={since} />
        </p>
      </div>
      <Button aria-label={`${repairWord(target)} ${name}`} onClick={onRepair}>
        {repairWord(target)}
      </Button>
    </li>
  )
}
