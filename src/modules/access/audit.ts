import { z } from 'zod'

import { newId, type Id } from '../../contract/ids.ts'
import type { Agent, Caller } from './actor.ts'

/** What every statement that changes something writes of the caller. */
export interface AuditParams {
  readonly actorKind: 'user' | 'api_key' | 'system'
  /** The user or the key that acts; null: Shipyard itself. */
  readonly actorId: string | null
  readonly actorName: string
  /** The user for whom a key or a loop acts, and to whom belongs what it makes. */
  readonly onBehalfOfId: string | null
  /** Null: no request, but a loop of ours. */
  readonly requestId: string | null
  readonly ip: string | null
  readonly userAgent: string | null
  readonly auditId: Id<'aud'>
  readonly activityId: Id<'act'>
}

/** What of a request is written down: enough to know it again. */
type By = Pick<Caller, 'actor' | 'requestId' | 'origin'>

export const auditOf = (by: By | Agent): AuditParams => ({
  ...('actor' in by ? callerParams(by) : agentParams(by)),
  auditId: newId('aud'),
  activityId: newId('act'),
})

type Who = Omit<AuditParams, 'auditId' | 'activityId'>

/** A client may send what it likes, and the column has an end. */
const USER_AGENT_LENGTH = 300

function callerParams({ actor, requestId, origin }: By): Who {
  const { apiKey } = actor
  return {
    actorKind: actor.kind,
    ...(apiKey
      ? {
          actorId: apiKey.id,
          actorName: `${actor.name} (API key ${apiKey.name})`,
          onBehalfOfId: actor.userId,
        }
      : { actorId: actor.userId, actorName: actor.name, onBehalfOfId: null }),
    requestId,
    ip: origin?.ip ?? null,
    userAgent: origin?.userAgent?.slice(0, USER_AGENT_LENGTH) ?? null,
  }
}

const NO_REQUEST = { requestId: null, ip: null, userAgent: null } as const

const agentParams = ({ name, onBehalfOf }: Agent): Who => ({
  actorKind: 'system',
  actorId: null,
  actorName: name,
  onBehalfOfId: onBehalfOf,
  ...NO_REQUEST,
})

/** `changes` of an audit row: what stood there and what stands there now, by the path of the field. */
export type AuditChanges = Record<string, { from: unknown; to: unknown }>

/** `detail` of an audit row that says all by actor, action and target. */
export const PlainAudit = z.strictObject({})

/** `detail` of a change that made a revision. */
export const ChangeAudit = z.strictObject({ revision: z.int() })

/** `detail` of mending what the garbage report found. */
export const GarbageAudit = z.strictObject({
  reason: z.string(),
  kind: z.string().nullable(),
  namespace: z.string().nullable(),
})

/** `detail` of having a service follow its tag, or leaving it to people. */
export const FollowAudit = z.strictObject({ service: z.string(), image: z.string(), isFollowed: z.boolean() })

/** `detail` of ending sessions. */
export const SessionsAudit = z.strictObject({ ended: z.int() })

/** `detail` of stopping the pods of a deployment, or letting them run again. */
export const SuspendAudit = z.strictObject({ suspended: z.boolean() })
