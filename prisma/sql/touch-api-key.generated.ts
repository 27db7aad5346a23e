// Written by `npm run gen` from touch-api-key.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type ApiKeyId } from '../../src/contract/ids.ts'

/**
 * Notes that a key was used, at most once in so long, however many servers see it at the same time.
 */
export const touchApiKey = statement<
  { now: Date; apiKeyId: ApiKeyId; unlessAfter: Date },
  { apiKeyId: ApiKeyId }
>({
  name: 'touch-api-key',
  text: `UPDATE api_keys SET last_used_at = $1
WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $3)
RETURNING id AS api_key_id`,
  params: ['now', 'apiKeyId', 'unlessAfter'],
  json: [],
  columns: ['apiKeyId'],
})
