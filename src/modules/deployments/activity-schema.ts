/** What was done to a deployment, by whom. */
import { z } from 'zod'

import { wholeNumber } from '../../contract/text.ts'
import { input, Instant } from '../access/schema.ts'
import { chosen, MAX_PAGE } from './schema.ts'

export const ACTIVITY_KINDS = [
  'created',
  'env_updated',
  'image_updated',
  'image_followed',
  'image_unfollowed',
  'image_moved',
  'secrets_updated',
  'secrets_deleted',
  'config_updated',
  'ingress_updated',
  'scaled',
  'rolled_back',
  'rollback_set',
  'restarted',
  'suspended',
  'resumed',
  'handed_over',
  'delete_requested',
  'removed',
] as const

export const ListActivity = input({
  ...chosen,
  cursor: z.string().max(200).optional(),
  limit: wholeNumber('The size of a page', 1, MAX_PAGE).default(50),
})
export const ActivityEntry = z.object({
  id: z.string(),
  at: Instant,
  kind: z.enum(ACTIVITY_KINDS),
  actorName: z.string(),
  revision: z.int().nullable(),
  detail: z.record(z.string(), z.unknown()),
})
export type ActivityEntry = z.infer<typeof ActivityEntry>
export const ActivityPage = z.object({ items: z.array(ActivityEntry), nextCursor: z.string().nullable() })
