/** What one may ask about API keys, and what one sees of them: never the key, but once. */
import { z } from 'zod'

import { ApiKeyId, OrgId, TeamId, UserId } from '../../contract/ids.ts'
import { KEY_SCOPES } from '../../contract/policy.ts'
import { text, wholeNumber } from '../../contract/text.ts'
import { input, Instant } from '../access/schema.ts'

const KeyScope = z.enum(KEY_SCOPES)

const wanted = {
  name: text({ max: 100, min: 1, says: 'The name of a key has 1 to 100 characters.' }).refine(
    (name) => name.trim() !== '',
    { error: 'A key needs a name, so that it is known again.' },
  ),
  scopes: z
    .array(KeyScope)
    .min(1, 'A key without a scope opens nothing: choose at least one.')
    .max(KEY_SCOPES.length)
    .transform((scopes) => [...new Set(scopes)]),
  /** Null: until it is revoked. */
  expiresInDays: wholeNumber('The number of days', 1, 3650).nullable().default(90),
}
export type WantedKey = z.output<z.ZodObject<typeof wanted>>

export const ListOwnKeys = input({})
/** A key for what one may oneself in one organisation. */
export const CreateOwnKey = input({ orgId: OrgId, ...wanted })
export const RevokeOwnKey = input({ keyId: ApiKeyId })

export const ListTeamKeys = input({ teamId: TeamId })
/** A key for one team alone, seen and ended by all its administrators. */
export const CreateTeamKey = input({ teamId: TeamId, ...wanted })
export const RevokeTeamKey = input({ teamId: TeamId, keyId: ApiKeyId })

export const ListOrgKeys = input({ orgId: OrgId })
export const RevokeOrgKey = input({ orgId: OrgId, keyId: ApiKeyId })

export const KeyView = z.object({
  id: ApiKeyId,
  name: z.string(),
  /** Its first characters, by which people know it again. */
  prefix: z.string(),
  scopes: z.array(KeyScope),
  org: z.object({ id: OrgId, name: z.string() }),
  /** Null: every team in which its creator has a role. */
  team: z.object({ id: TeamId, name: z.string() }).nullable(),
  createdBy: z.object({ id: UserId, name: z.string() }),
  createdAt: Instant,
  expiresAt: Instant.nullable(),
  /** To the minute. */
  lastUsedAt: Instant.nullable(),
})
export type KeyView = z.infer<typeof KeyView>
/** Newest first; revoked ones are gone. */
export const KeyList = z.array(KeyView)
/** The key itself is never shown again: a hash of it is all that is kept. */
export const KeyCreated = z.object({ key: z.string(), view: KeyView })
export type KeyCreated = z.infer<typeof KeyCreated>
export const KeyRevoked = z.object({ id: ApiKeyId })
