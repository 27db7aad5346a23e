import type { Deps } from '../deps.ts'
import type { KeyView } from './schema.ts'
import { listKeyRows, type KeyPlace } from './store.ts'
import { viewOfKey } from './view.ts'

/** The keys of a place that are not revoked, expired ones included: their owner sees why they open nothing. */
export const listKeys = async ({ db }: Pick<Deps, 'db'>, place: KeyPlace): Promise<KeyView[]> =>
  (await listKeyRows(db, place)).map(viewOfKey)
