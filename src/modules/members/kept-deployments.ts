import type { Deps } from '../deps.ts'
import { listKept, type Holder } from './store.ts'

const NAMED = 5
const NAME_SHOWN = 40

/** Deployments that stand in the way, in words: `Shop, Blog (being deleted) and others`. */
export async function tellDeployments(db: Deps['db'], holder: Holder): Promise<string> {
  const kept = await listKept(db, holder, NAMED + 1)
  const words = kept.slice(0, NAMED).map(({ name, isDeleting }) => {
    const shown = name.length > NAME_SHOWN ? `${name.slice(0, NAME_SHOWN)}…` : name
    return isDeleting ? `${shown} (being deleted)` : shown
  })
  if (kept.length > NAMED) words.push('others')
  // Nothing: the last one has gone since.
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(words) || 'a deployment'
}
