// Written by `npm run gen` from create-invitation.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'
import { type Id, type TeamId, type InvitationId } from '../../src/contract/ids.ts'

/**
 * Invites an address to a team. The mail is entered at the outbox by the same statement (`mailId` is null where no mail
 * is sent, and then `tokenHash` is that of a link which the caller hands over). A second open invitation for an address in
 * an organisation violates invitations_open; one that has run out makes room for it.
 *
 * Whoever is new in the organisation needs a place when accepting, not now; but where none is left, nobody is invited.
 */
export const createInvitation = statement<
  { teamId: TeamId; email: string; enforceLimit: boolean; now: Date; invitationId: InvitationId; orgRole: 'org_admin' | 'org_member'; teamRole: 'team_admin' | 'developer' | 'viewer'; tokenHash: string | null; inviterId: string; actorName: string; expiresAt: Date; mailId: Id<'out'> | null; auditId: Id<'aud'>; actorKind: 'user' | 'api_key' | 'system'; actorId: string | null; onBehalfOfId: string | null; requestId: string | null; ip: string | null; userAgent: string | null },
  { outcome: 'created' | 'is_member' | 'limit_reached' | 'no_such_team'; membersUsed: number | null; membersLimit: number | null; planId: string | null }
>({
  name: 'create-invitation',
  text: `WITH team AS (
    SELECT id, org_id FROM teams WHERE id = $1 FOR KEY SHARE
), member AS (
    SELECT m.user_id FROM team_members m JOIN users u ON u.id = m.user_id
    WHERE m.team_id = $1 AND u.email = lower($2)
), seats AS (
    SELECT o.members_used, coalesce(o.members_limit, p.members_limit) AS members_limit, p.id AS plan_id
    FROM team JOIN organizations o ON o.id = team.org_id JOIN plans p ON p.id = o.plan_id
    WHERE $3::boolean AND o.members_used >= coalesce(o.members_limit, p.members_limit)
        AND NOT EXISTS (
            SELECT FROM org_members m JOIN users u ON u.id = m.user_id
            WHERE m.org_id = o.id AND u.email = lower($2)
        )
), outdated AS (
    UPDATE invitations i SET revoked_at = now() FROM team
    WHERE i.org_id = team.org_id AND i.email = lower($2) AND i.accepted_at IS NULL AND i.revoked_at IS NULL
        AND i.expires_at <= $4
    RETURNING i.id
), created AS (
    INSERT INTO invitations
        (id, org_id, team_id, email, org_role, team_role, token_hash, sent_at, invited_by_id, invited_by_name, expires_at)
    SELECT $5, team.org_id, team.id, lower($2), $6::org_role, $7::team_role, $8,
        CASE WHEN $8::text IS NOT NULL THEN $4 END, $9, $10, $11
    FROM team, (SELECT count(*) FROM outdated) AS after
    WHERE NOT EXISTS (SELECT FROM member) AND NOT EXISTS (SELECT FROM seats)
    RETURNING id, org_id, team_id, email, org_role, team_role
), mail AS (
    INSERT INTO outbox (id, kind, key, payload)
    SELECT $12, 'invitation', $12, jsonb_build_object('invitationId', id) FROM created
    WHERE $12::text IS NOT NULL
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name, detail, request_id, ip, user_agent)
    SELECT $13, org_id, team_id, $14, $15, $10, $16, 'team-member:invite', id, email,
        jsonb_build_object('orgRole', org_role, 'teamRole', team_role), $17, $18, $19
    FROM created
)
SELECT
    CASE
        WHEN created.id IS NOT NULL THEN 'created'
        WHEN member.user_id IS NOT NULL THEN 'is_member'
        WHEN seats.plan_id IS NOT NULL THEN 'limit_reached'
        ELSE 'no_such_team'
    END AS outcome,
    seats.members_used AS members_used, seats.members_limit AS members_limit, seats.plan_id AS plan_id
FROM (SELECT) AS always
    LEFT JOIN seats ON true
    LEFT JOIN created ON true
    LEFT JOIN member ON true`,
  params: ['teamId', 'email', 'enforceLimit', 'now', 'invitationId', 'orgRole', 'teamRole', 'tokenHash', 'inviterId', 'actorName', 'expiresAt', 'mailId', 'auditId', 'actorKind', 'actorId', 'onBehalfOfId', 'requestId', 'ip', 'userAgent'],
  json: [],
  columns: ['outcome', 'membersUsed', 'membersLimit', 'planId'],
})
