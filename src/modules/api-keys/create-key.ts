import { newId, randomBase32, type OrgId, type TeamId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Actor, Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import { authorize } from '../access/authorize.ts'
import { hashOfKey } from '../access/find-caller.ts'
import type { Deps } from '../deps.ts'
import type { KeyCreated, WantedKey } from './schema.ts'
import { insertKey, type NewKeyRow } from './store.ts'
import { viewOfKey } from './view.ts'

type Needed = Pick<Deps, 'db' | 'clock'>

/** Five bits each: 160 bits of chance. */
const CHARACTERS = 32
/** Of the key, `shp_` included. */
const PREFIX_LENGTH = 10
const DAY_MS = 24 * 3_600_000

type By = Omit<Caller, 'scope'>

/**
 * A key for what its creator may in an organisation.
 *
 * @throws {AppError} NOT_FOUND, ORG_SUSPENDED
 */
export async function createOwnKey(
  deps: Needed,
  by: By,
  { orgId, ...wanted }: WantedKey & { orgId: OrgId },
): Promise<KeyCreated> {
  const org = orgOf(by.actor, orgId)
  const scope = org && { orgId, teamId: null, isSuspended: org.suspended, isFrozen: org.frozen }
  authorize({ actor: by.actor, scope, action: 'org:read', what: 'organisation' })
  if (org?.suspended) fail('ORG_SUSPENDED', {})
  return create(deps, by, { wanted, orgId, teamId: null, action: 'own-api-key:create' })
}

/** A key for one team; the caller may make one there. */
export const createTeamKey = async (
  deps: Needed,
  caller: Caller,
  { teamId, ...wanted }: WantedKey & { teamId: TeamId },
): Promise<KeyCreated> =>
  create(deps, caller, { wanted, orgId: caller.scope.orgId, teamId, action: 'team-api-key:create' })

const orgOf = ({ orgs }: Actor, orgId: OrgId): Actor['orgs'][number] | undefined =>
  orgs.find((each) => each.orgId === orgId)

interface Making {
  readonly wanted: WantedKey
  readonly orgId: OrgId
  readonly teamId: TeamId | null
  readonly action: NewKeyRow['action']
}

async function create({ db, clock }: Needed, by: By, making: Making): Promise<KeyCreated> {
  const { wanted, orgId, teamId, action } = making
  const { activityId: _, ...audit } = auditOf(by)
  const key = `shp_${randomBase32(CHARACTERS)}`
  const now = new Date(clock.nowMs())
  const days = wanted.expiresInDays
  const row = await insertKey(db, {
    ...audit,
    action,
    apiKeyId: newId('key'),
    name: wanted.name,
    prefix: key.slice(0, PREFIX_LENGTH),
    keyHash: hashOfKey(key),
    scopes: wanted.scopes,
    orgId,
    teamId,
    createdById: by.actor.userId,
    now,
    expiresAt: days === null ? null : new Date(now.getTime() + days * DAY_MS),
  })
  if (!row) fail('NOT_FOUND', { what: 'organisation' }, { because: 'left, or suspended, meanwhile' })
  return { key, view: viewOfKey(row) }
}
