import type { MySession } from '../../src/modules/sessions/schema.ts'
import { formatInstant } from '../lib/format.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Age } from './age.tsx'

/** One browser in which somebody is signed in. */
export function SessionRow({ session, onEnd }: { session: MySession; onEnd: () => void }) {
  const { device, place, isThis, lastSeenAt, signedInAt, endsAt } = session
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium wrap-anywhere">
          {device}
          {isThis && <Badge tone="good">This browser</Badge>}
        </p>
        <p className="text-muted wrap-anywhere">
          {place !== null && (
            <>
              <span className="figures">{place}</span> ·{' '}
            </>
          )}
          last seen <Age at={lastSeenAt} />
        </p>
        <p className="text-xs text-muted" title={`Ends at ${formatInstant(endsAt)} in any case`}>
          signed in <Age at={signedInAt} />
        </p>
      </div>
      {!isThis && (
        <Button aria-label={`End the session of ${device}`} onClick={onEnd}>
          End
        </Button>
      )}
    </li>
  )
}
