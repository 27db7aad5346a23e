import { isAllowedWhenSuspended, makesNew, type Action } from '../../src/contract/policy.ts'
import type { MyOrg } from '../../src/modules/access/schema.ts'

/** What keeps everybody in an organisation from an action, whatever their role is; undefined: nothing does. */
export function orgHindrance(
  { isSuspended, isFrozen }: Pick<MyOrg, 'isSuspended' | 'isFrozen'>,
  action: Action,
): string | undefined {
  if (isSuspended && !isAllowedWhenSuspended(action)) return 'The organisation is suspended.'
  if (isFrozen && makesNew(action)) return 'Nothing new may be made until the organisation has paid.'
  return undefined
}
