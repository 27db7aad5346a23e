/** What one may ask of the audit of an organisation, and what one sees of it. */
import { z } from 'zod'

import { idPattern, OrgId, TeamId, UserId } from '../../contract/ids.ts'
import { text, wholeNumber } from '../../contract/text.ts'
import { input, Instant } from '../access/schema.ts'

const AuditId = z.string().regex(new RegExp(idPattern('aud')), 'The id of an audit event begins with aud_.')

/** Which rows: all that match everything that is given. */
const filter = {
  /** A user, with what keys and loops did for them, or a key. */
  actorId: z
    .string()
    .regex(/^(usr|key)_[a-z2-7]{25}$/, 'The actor is the id of a user or of an API key.')
    .optional(),
  action: z
    .string()
    .max(60)
    .regex(/^[a-z-]+:[a-z-]+$/, 'An action is written like deployment:create.')
    .optional(),
  targetId: text({
    max: 200,
    min: 1,
    says: 'The thing is named by an id of at most 200 characters.',
  }).optional(),
  /** From this instant on. */
  from: z.iso.datetime({ error: 'An instant is written like 2026-01-31T12:00:00Z.' }).optional(),
  /** Before this instant. */
  to: z.iso.datetime({ error: 'An instant is written like 2026-01-31T12:00:00Z.' }).optional(),
}
export const AuditFilter = input(filter)
export type AuditFilter = z.output<typeof AuditFilter>

const MAX_PAGE = 100

export const ListAudit = input({
  orgId: OrgId,
  ...filter,
  cursor: z.string().max(200).optional(),
  limit: wholeNumber('The size of a page', 1, MAX_PAGE).default(50),
})

export const GetAudit = input({ orgId: OrgId, auditId: AuditId })

export const AuditEntry = z.object({
  id: AuditId,
  at: Instant,
  actor: z.object({
    kind: z.enum(['user', 'api_key', 'system']),
    /** Of the user or the key. */
    id: z.string().nullable(),
    /** As it was then. */
    name: z.string(),
  }),
  /** For whom a key or a loop acted. */
  onBehalfOfId: UserId.nullable(),
  teamId: TeamId.nullable(),
  action: z.string(),
  targetId: z.string().nullable(),
  targetName: z.string().nullable(),
  /** By the path of the field; never the value of a secret. */
  changes: z.record(z.string(), z.object({ from: z.unknown().optional(), to: z.unknown().optional() })),
  detail: z.record(z.string(), z.unknown()),
  requestId: z.string().nullable(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

/** Newest first. */
export const AuditPage = z.object({ items: z.array(AuditEntry), nextCursor: z.string().nullable() })
