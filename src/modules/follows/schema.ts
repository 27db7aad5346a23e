/** What one may ask of services that follow a tag, and what one sees of them. */
import { z } from 'zod'

import { ServiceName } from '../../contract/names.ts'
import { input, Instant } from '../access/schema.ts'
import { chosen } from '../deployments/schema.ts'

export const ListFollows = input(chosen)

export const SetFollow = input({
  ...chosen,
  service: ServiceName,
  /** Whether it runs what the tag of its image means, from now on. */
  isFollowed: z.boolean(),
})
export type SetFollow = z.output<typeof SetFollow>

export const FollowSet = z.object({ service: ServiceName, isFollowed: z.boolean() })
export type FollowSet = z.infer<typeof FollowSet>

/** Why a registry gives no digest (src/ports/registry/port.ts). */
const PROBLEMS = [
  'RegistryUnavailable',
  'AccessDenied',
  'ImageNotFound',
  'HostNotAllowed',
  'UnexpectedAnswer',
] as const

export const Follow = z.object({
  service: ServiceName,
  /** As the service names it, with its tag and without a digest. */
  image: z.string(),
  /** False: the service was given another image meanwhile, so nothing is done. */
  isCurrent: z.boolean(),
  /** Who switched it on. */
  followedBy: z.string(),
  since: Instant,
  /** When the registry was last asked; null before the first time. */
  askedAt: Instant.nullable(),
  /** Why it gave no digest then. */
  problem: z.enum(PROBLEMS).nullable(),
})
export type Follow = z.infer<typeof Follow>

/** By service; those that follow nothing are left out. */
export const FollowList = z.array(Follow)
