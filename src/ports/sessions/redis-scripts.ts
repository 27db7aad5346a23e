/**
 * What must happen as a whole in Redis. A session is a hash under the hash of its token; three more keys find it: by
 * its id, by its user, and by its end. `member` names all of them in one text: user, token hash, id.
 */

const REMOVE = `
local function remove(prefix, member)
  local user, hash, id = string.match(member, '^(%S+) (%S+) (%S+)$')
  local count = redis.call('DEL', prefix .. 'session:' .. hash)
  redis.call('DEL', prefix .. 'id:' .. id)
  redis.call('ZREM', prefix .. 'user:' .. user, member)
  redis.call('ZREM', prefix .. 'ends', member)
  return count
end
`

/** ARGV: prefix, then members. Answers how many sessions there were. */
export const removeScript = `${REMOVE}
local count = 0
for i = 2, #ARGV do count = count + remove(ARGV[1], ARGV[i]) end
return count`

/** ARGV: prefix, now, limit. Removes what has ended; answers how many. */
export const sweepScript = `${REMOVE}
local ended = redis.call('ZRANGE', ARGV[1] .. 'ends', '-inf', ARGV[2], 'BYSCORE', 'LIMIT', 0, ARGV[3])
for _, member in ipairs(ended) do remove(ARGV[1], member) end
return #ended`

/** ARGV: prefix, id, now, the new idle expiry. Nothing happens when the session is gone. */
export const touchScript = `
local hash = redis.call('GET', ARGV[1] .. 'id:' .. ARGV[2])
if not hash then return 0 end
local key = ARGV[1] .. 'session:' .. hash
local absolute = redis.call('HGET', key, 'absoluteExpiresAt')
if not absolute then return 0 end
local idle = ARGV[4]
if tonumber(absolute) < tonumber(idle) then idle = absolute end
redis.call('HSET', key, 'lastSeenAt', ARGV[3], 'idleExpiresAt', idle)
local left = string.format('%.0f', math.max(1, tonumber(idle) - tonumber(ARGV[3])))
redis.call('PEXPIRE', key, left)
redis.call('PEXPIRE', ARGV[1] .. 'id:' .. ARGV[2], left)
redis.call('ZADD', ARGV[1] .. 'ends', idle, redis.call('HGET', key, 'member'))
return 1`

/** ARGV: prefix, id, team or nothing. */
export const teamScript = `
local hash = redis.call('GET', ARGV[1] .. 'id:' .. ARGV[2])
if not hash then return 0 end
local key = ARGV[1] .. 'session:' .. hash
if redis.call('EXISTS', key) == 0 then return 0 end
redis.call('HSET', key, 'currentTeamId', ARGV[3])
return 1`

/** ARGV: prefix, id, the new token hash. The old token opens nothing from then on. */
export const renewScript = `
local idKey = ARGV[1] .. 'id:' .. ARGV[2]
local hash = redis.call('GET', idKey)
if not hash then return 0 end
local key = ARGV[1] .. 'session:' .. hash
local fields = redis.call('HMGET', key, 'member', 'userId', 'createdAt', 'idleExpiresAt')
if not fields[1] then return 0 end
local member = fields[2] .. ' ' .. ARGV[3] .. ' ' .. ARGV[2]
redis.call('HSET', key, 'member', member)
redis.call('RENAME', key, ARGV[1] .. 'session:' .. ARGV[3])
redis.call('SET', idKey, ARGV[3], 'KEEPTTL')
redis.call('ZREM', ARGV[1] .. 'user:' .. fields[2], fields[1])
redis.call('ZADD', ARGV[1] .. 'user:' .. fields[2], fields[3], member)
redis.call('ZREM', ARGV[1] .. 'ends', fields[1])
redis.call('ZADD', ARGV[1] .. 'ends', fields[4], member)
return 1`
