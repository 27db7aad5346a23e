-- Signs in who the issuer says it is. The first time it makes the user, an organisation that the user owns, its
-- default team with the user as team_admin, and an audit row; later it takes over name and picture. However many
-- first sign-ins of one person run at the same time, one user, organisation and team come of it, and all of them
-- get that user's id.
--
-- Identities are never merged by address: one that another identity has violates oauth_accounts_user_id_fkey.
-- (The account is entered for the new user's id alone, which does not exist when the address was there before; only
-- the same identity, entered by a sign-in at the same time, is taken instead.) A slug that is taken violates
-- organizations_slug_key; two first sign-ins of one identity with different addresses at the same time violate
-- oauth_accounts_user_id_not_null for one of them, which then asks again.
--
-- @nullable avatarUrl ip userAgent
WITH known AS (
    UPDATE oauth_accounts SET last_sign_in_at = now() WHERE provider = :provider AND subject = :subject
    RETURNING user_id
), refreshed AS (
    UPDATE users u SET name = :name, avatar_url = :avatarUrl, updated_at = now()
    FROM known
    WHERE u.id = known.user_id AND (u.name <> :name OR u.avatar_url IS DISTINCT FROM :avatarUrl)
), made AS (
    INSERT INTO users AS u (id, email, name, avatar_url)
    SELECT :userId, lower(:email), :name, :avatarUrl WHERE NOT EXISTS (SELECT FROM known)
    -- Changes nothing, but waits for whoever is making the same user, and gives its row.
    ON CONFLICT (email) DO UPDATE SET email = u.email
    RETURNING u.id
), account AS (
    INSERT INTO oauth_accounts AS a (provider, subject, user_id)
    SELECT :provider, :subject, :userId FROM made
    ON CONFLICT (provider, subject) DO UPDATE SET
        last_sign_in_at = now(), user_id = CASE WHEN a.user_id = (SELECT id FROM made) THEN a.user_id END
    RETURNING a.user_id
), is_new AS (
    SELECT id FROM made WHERE id = :userId
), org AS (
    INSERT INTO organizations (id, slug, name, members_used, teams_used)
    SELECT :orgId, :orgSlug, :orgName, 1, 1 FROM is_new RETURNING id
), org_grant AS (
    INSERT INTO org_members (org_id, user_id, role) SELECT org.id, is_new.id, 'org_owner' FROM org, is_new
), team AS (
    INSERT INTO teams (id, org_id, name, is_default) SELECT :teamId, org.id, :teamName, true FROM org RETURNING id, org_id
), team_grant AS (
    INSERT INTO team_members (team_id, org_id, user_id, role)
    SELECT team.id, team.org_id, is_new.id, 'team_admin' FROM team, is_new
), audited AS (
    INSERT INTO audit_events
        (id, org_id, actor_kind, actor_id, actor_name, action, target_id, target_name, ip, user_agent)
    SELECT :auditId, org.id, 'user', is_new.id, :name, 'org:create', org.id, :orgName, :ip, :userAgent FROM org, is_new
)
SELECT user_id AS "user_id!", false AS "is_new!" FROM known
UNION ALL
SELECT user_id, user_id = :userId FROM account
