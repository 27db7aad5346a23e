-- The teams of an organisation, the default one first, then by name: all of them, or those in which a user has a role.
--
-- @type role 'team_admin' | 'developer' | 'viewer'
SELECT
    t.id AS "team_id!", t.name AS "name!", t.is_default AS "is_default!", m.role AS "role?",
    (SELECT count(*)::int FROM team_members other WHERE other.team_id = t.id) AS "members!",
    (SELECT count(*)::int FROM deployments d WHERE d.team_id = t.id AND d.removed_at IS NULL) AS "deployments!"
FROM teams t
    LEFT JOIN team_members m ON m.team_id = t.id AND m.user_id = :userId
WHERE t.org_id = :orgId AND (NOT :onlyOwn::boolean OR m.user_id IS NOT NULL)
ORDER BY t.is_default DESC, lower(t.name), t.id
