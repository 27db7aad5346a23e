-- Gives a worker the deployments whose custom resource is behind what is wanted, with all that the resource is
-- made from. Each is its alone for `leaseSeconds`, in which it writes the resource and says so
-- (mark-deployment-pushed.sql, mark-push-failed.sql); a worker that dies loses its claim by that time. A push must
-- give up before its lease ends.
--
-- @type secretVersions Record<string, number>
-- @type isolation 'shared' | 'namespace' | 'dedicated'
-- @type hosts HostName[]
WITH due AS (
    SELECT id FROM deployments
    WHERE pushed_generation < generation
        -- Stamps are rounded to milliseconds, perhaps upwards.
        AND push_after <= now() + interval '1 millisecond'
        AND (push_claimed_until IS NULL OR push_claimed_until < now())
    ORDER BY push_after
    LIMIT :limit::int
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE deployments d SET
        push_claimed_by = :worker, push_claimed_until = now() + make_interval(secs => :leaseSeconds::float8),
        push_attempts = d.push_attempts + 1
    FROM due WHERE d.id = due.id
    RETURNING d.*
)
SELECT
    d.id AS deployment_id, d.name AS deployment_name, d.display_name, d.generation, d.pushed_generation,
    d.push_attempts, d.created_at, d.deleted_at, d.restarted_at,
    (d.suspended OR d.held OR o.suspended_at IS NOT NULL OR o.budget_stopped_at IS NOT NULL
        OR o.billing_stage IN ('suspended', 'removing', 'removed')) AS "suspended!",
    d.owner_id, u.name AS owner_name, d.org_id, o.name AS org_name, d.team_id, t.name AS team_name,
    p.isolation, p.id AS plan_id,
    tpl.name AS template_name, v.number AS template_version,
    r.number AS revision, r.spec, r.secret_versions,
    ARRAY(
        SELECT h.host FROM host_names h
        WHERE h.deployment_id = d.id AND h.released_generation IS NULL ORDER BY h.host
    ) AS "hosts!"
FROM claimed d
    JOIN revisions r ON r.deployment_id = d.id AND r.number = d.current_revision
    JOIN users u ON u.id = d.owner_id
    JOIN organizations o ON o.id = d.org_id
    JOIN plans p ON p.id = o.plan_id
    JOIN teams t ON t.id = d.team_id
    JOIN template_versions v ON v.id = d.template_version_id
    JOIN templates tpl ON tpl.id = v.template_id
