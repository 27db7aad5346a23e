/**
 * Tells within this process that somebody may have lost a right: a session ended, a role was lowered, a key revoked.
 * It carries no state: who hears it asks again. Words of other servers come by the database (or by Redis, where
 * sessions are kept in it); workers/hear-rights.ts brings them here.
 */
import type { OrgId, UserId } from '../../contract/ids.ts'

/** A user, everybody in an organisation, or everybody: some word may not have been heard. */
type Withdrawn = UserId | OrgId | 'everybody'

/** Whose rights a stream lives by, and where. */
export interface Whom {
  readonly userId: UserId
  readonly orgId: OrgId
}

export interface RightsChanges {
  tell(whose: Withdrawn): void
  /** @returns how to stop */
  watch(whom: Whom, onDoubt: () => void): () => void
  /** Whether words of other servers are heard now. */
  readonly isHeard: boolean
  /** Says how to find that out. */
  hearBy(isHeard: () => boolean): void
}

export function createRightsChanges(): RightsChanges {
  const watchers = new Map<string, Set<() => void>>()
  let isHeard = (): boolean => false
  const add = (key: string, onDoubt: () => void): void => {
    const known = watchers.get(key)
    if (known) known.add(onDoubt)
    else watchers.set(key, new Set([onDoubt]))
  }
  const remove = (key: string, onDoubt: () => void): void => {
    const known = watchers.get(key)
    known?.delete(onDoubt)
    if (known?.size === 0) watchers.delete(key)
  }
  return {
    tell(whose) {
      const keys = whose === 'everybody' ? [...watchers.keys()] : [whose]
      const doubting = new Set(keys.flatMap((key) => [...(watchers.get(key) ?? [])]))
      for (const onDoubt of doubting) onDoubt()
    },
    watch({ userId, orgId }, onDoubt) {
      const keys = [userId, orgId]
      for (const key of keys) add(key, onDoubt)
      return () => keys.forEach((key) => remove(key, onDoubt))
    },
    get isHeard() {
      return isHeard()
    },
    hearBy(ask) {
      isHeard = ask
    },
  }
}
