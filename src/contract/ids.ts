/**
 * Ids: a prefix that says of what, an underscore, and 25 characters of lower-case base32 (RFC 4648 alphabet),
 * which are 125 random bits. 25 is the most with which both kinds of namespace that hold two ids fit into the
 * 63 characters of a label: `agent-tasks-{userId}-{orgId}` has exactly 63.
 *
 * An id is a name, no secret: whoever knows one may do nothing by it.
 */
import type { z } from 'zod'

import { branded, type Branded } from './branded.ts'

/** What each prefix stands for, as sentences name it. */
export const ID_PREFIXES = {
  usr: 'user',
  org: 'organisation',
  team: 'team',
  cli: 'client',
  dep: 'deployment',
  rev: 'revision',
  tpl: 'template',
  tpv: 'template version',
  ses: 'session',
  oac: 'sign-in account',
  key: 'API key',
  inv: 'invitation',
  host: 'host name',
  sec: 'secret',
  task: 'agent task',
  wf: 'workflow',
  wfn: 'workflow node',
  aud: 'audit event',
  act: 'activity',
  sub: 'subscription',
  out: 'outgoing effect',
  crd: 'credit',
  req: 'request',
} as const

export type IdPrefix = keyof typeof ID_PREFIXES

/** An id of one kind. A deployment's id is not assignable where a team's is wanted. */
export type Id<Prefix extends IdPrefix> = Branded<`${Prefix}_id`>

export type AnyId = { [Prefix in IdPrefix]: Id<Prefix> }[IdPrefix]

/** The part after the underscore: safe in every name and path of ours. */
export type IdBody = Branded<'id_body'>

const BODY_LENGTH = 25
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
/** The grammar of what follows the underscore, not anchored. */
export const ID_BODY = `[a-z2-7]{${BODY_LENGTH}}`

/** The grammar of an id as an anchored regular expression, for schemas of other languages. */
export const idPattern = (prefix: IdPrefix): string => `^${prefix}_${ID_BODY}$`

function idSchema<Prefix extends IdPrefix>(prefix: Prefix): z.ZodType<Id<Prefix>, string> {
  const says = `The id of ${article(ID_PREFIXES[prefix])} is ${prefix}_ and ${BODY_LENGTH} characters from a to z and 2 to 7.`
  return branded({ pattern: new RegExp(idPattern(prefix)), max: prefix.length + 1 + BODY_LENGTH, says })
}

export const UserId = idSchema('usr')
export type UserId = Id<'usr'>
export const OrgId = idSchema('org')
export type OrgId = Id<'org'>
export const TeamId = idSchema('team')
export type TeamId = Id<'team'>
export const DeploymentId = idSchema('dep')
export type DeploymentId = Id<'dep'>
export const RevisionId = idSchema('rev')
export type RevisionId = Id<'rev'>
export const TemplateId = idSchema('tpl')
export type TemplateId = Id<'tpl'>
export const TemplateVersionId = idSchema('tpv')
export type TemplateVersionId = Id<'tpv'>
export const SessionId = idSchema('ses')
export type SessionId = Id<'ses'>
export const ApiKeyId = idSchema('key')
export type ApiKeyId = Id<'key'>
export const InvitationId = idSchema('inv')
export type InvitationId = Id<'inv'>
export const SecretId = idSchema('sec')
export type SecretId = Id<'sec'>
export const CreditId = idSchema('crd')
export type CreditId = Id<'crd'>

/** A new id, from the platform's cryptographic random numbers; the same in the browser and in Node. */
export function newId<Prefix extends IdPrefix>(prefix: Prefix): Id<Prefix> {
  return `${prefix}_${randomBase32(BODY_LENGTH)}` as Id<Prefix>
}

/** The part after the underscore, for names in Kubernetes and paths in Vault. */
export function idBody(id: AnyId): IdBody {
  return id.slice(id.indexOf('_') + 1) as IdBody
}

/** Random characters of lower-case base32, five bits each. */
export function randomBase32(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte & 31)).join('')
}

function article(noun: string): string {
  return /^[aeiou]/i.test(noun) && !noun.startsWith('user') ? `an ${noun}` : `a ${noun}`
}
