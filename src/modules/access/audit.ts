import { z } from 'zod'

import { newId, type Id } from '../../contract/ids.ts'
import type { Agent, Caller } from './actor.ts'

/** What every statement that changes something writes of the caller. */
export interface AuditParams {
  readonly actorKind: 'user' | 'api_key' | 'system'
  readonly actorId: string
  readonly actorName: string
  /** Null: no request, but a loop of ours. */
  readonly requestId: string | null
  readonly auditId: Id<'aud'>
  readonly activityId: Id<'act'>
}

export const auditOf = (by: Pick<Caller, 'actor' | 'requestId'> | Agent): AuditParams => ({
  ...('actor' in by ? callerParams(by) : agentParams(by)),
  auditId: newId('aud'),
  activityId: newId('act'),
})

type Who = Omit<AuditParams, 'auditId' | 'activityId'>

const callerParams = ({ actor, requestId }: Pick<Caller, 'actor' | 'requestId'>): Who => ({
  actorKind: actor.kind,
  actorId: actor.userId,
  actorName: actor.name,
  requestId,
})

const agentParams = ({ name, onBehalfOf }: Agent): Who => ({
  actorKind: 'system',
  actorId: onBehalfOf,
  actorName: name,
  requestId: null,
})

/** What Shipyard does by itself is written down too, under its own name. */
interface SystemAudit extends Pick<AuditParams, 'auditId' | 'activityId' | 'actorName'> {
  readonly actorKind: 'system'
  readonly actorId: null
  readonly requestId: null
}

export const systemAudit = (): SystemAudit => ({
  actorKind: 'system',
  actorId: null,
  actorName: 'Shipyard',
  requestId: null,
  auditId: newId('aud'),
  activityId: newId('act'),
})

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

/** `detail` of stopping the pods of a deployment, or letting them run again. */
export const SuspendAudit = z.strictObject({ suspended: z.boolean() })
