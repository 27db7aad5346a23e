/** Who calls, with all grants as they are now. */
import type { ApiKeyId, OrgId, SessionId, TeamId, UserId } from '../../contract/ids.ts'
import type { KeyScope, OrgRole, TeamRole } from '../../contract/policy.ts'

interface OrgGrant {
  readonly orgId: OrgId
  readonly slug: string
  readonly name: string
  readonly role: OrgRole
  readonly planId: string
  readonly suspended: boolean
  /** It has not paid for a while. */
  readonly frozen: boolean
}

interface TeamGrant {
  readonly teamId: TeamId
  readonly orgId: OrgId
  readonly name: string
  readonly role: TeamRole
}

export interface Actor {
  readonly kind: 'user' | 'api_key'
  readonly userId: UserId
  readonly email: string
  readonly name: string
  readonly avatarUrl: string | null
  readonly isPlatformAdmin: boolean
  readonly orgs: readonly OrgGrant[]
  readonly teams: readonly TeamGrant[]
  /** Absent with an API key. */
  readonly session?: { readonly id: SessionId; readonly currentTeamId: TeamId | null }
  /** The key and what it is narrowed to. */
  readonly apiKey?: {
    readonly id: ApiKeyId
    readonly name: string
    readonly scopes: readonly KeyScope[]
    readonly orgId: OrgId
    readonly teamId: TeamId | null
  }
}

/** A place in the tree of tenants that a request names, and that is really there. */
export interface Scope {
  readonly orgId: OrgId
  /** Null: the organisation as a whole. */
  readonly teamId: TeamId | null
  readonly isSuspended: boolean
  /** Nothing new may be made until it has paid. */
  readonly isFrozen: boolean
}

/** A loop of ours that changes something by itself. */
export interface Agent {
  /** What people read. */
  readonly name: string
  /** Who has asked for it once; null: nobody has. */
  readonly onBehalfOf: UserId | null
}

/** Where a request came from; a caller that is no request has none. */
export interface Origin {
  readonly ip: string
  readonly userAgent: string | undefined
}

/** What is in the nature of the installation, and was asked for by nobody. */
export const SHIPYARD: Agent = { name: 'Shipyard', onBehalfOf: null }

/** Who asked and by which request: what use-cases write to the audit. */
export interface Caller {
  readonly actor: Actor
  readonly scope: Scope
  readonly requestId: string
  readonly origin?: Origin | undefined
}
