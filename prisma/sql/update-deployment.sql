-- Makes a new revision of a deployment, and with it a new generation. A change that was made from an older
-- generation than the present one is refused (`stale`, with the present one), so that nobody overwrites what
-- they have not seen. `hosts` is the whole new set, or null to leave it; a name that is no longer wanted is kept
-- until the resource without it was pushed, one of another deployment violates host_names_pkey. What is more or less of
-- them than before is counted, for which the row is locked first: nothing is counted for a change that is refused. A back-off of the
-- push loop ends; a claim of it does not. A revision that follows a tag names service and digest: that this was acted
-- upon is noted with the revision or not at all, so that a digest makes one revision however many workers see it.
-- `secretOrigins` is null when the change is not about secrets: then those of the revision that is repeated hold, or of the
-- present one.
--
-- @type outcome 'updated' | 'domain_limit_reached' | 'stale' | 'deleted' | 'no_such_deployment'
-- @type secrets { id: SecretId; layer: 'deployment' | 'service'; path: string; key: string; version: number; service: string | null; description: string }[]
-- @type removedSecrets { path: string; key: string }[]
-- @type secretVersions Record<string, number>
-- @type secretOrigins Record<string, Record<string, number>>
-- @type actorKind 'user' | 'api_key' | 'system'
-- @type action 'deployment:update' | 'deployment:rollback' | 'secret:set' | 'secret:delete'
-- @type changes Record<string, { from: unknown; to: unknown }>
-- @nullable hosts requestId actorId rollbackOf secretOrigins templateVersionId followedService followedDigest onBehalfOfId ip userAgent
WITH wanted AS (
    SELECT d.id, d.org_id, coalesce(cardinality(:hosts::text[]) - (
        SELECT count(*) FROM host_names h WHERE h.deployment_id = d.id AND h.released_generation IS NULL
    ), 0)::int AS more_hosts
    FROM deployments d
    WHERE d.id = :deploymentId AND d.deleted_at IS NULL AND d.generation = :expectedGeneration
    FOR NO KEY UPDATE OF d
), counted AS (
    UPDATE organizations o SET domains_used = o.domains_used + wanted.more_hosts FROM wanted
    WHERE o.id = wanted.org_id AND wanted.more_hosts <> 0
        AND (NOT :enforceLimit::boolean OR wanted.more_hosts < 0 OR (
            SELECT o.domains_used + wanted.more_hosts <= coalesce(o.domains_limit, p.domains_limit, 2147483647)
            FROM plans p WHERE p.id = o.plan_id
        ))
    RETURNING o.id
), updated AS (
    UPDATE deployments d SET
        generation = d.generation + 1, current_revision = d.current_revision + 1, updated_at = now(),
        template_version_id = coalesce(:templateVersionId, d.template_version_id),
        push_after = now(), push_attempts = 0, push_error = NULL
    FROM wanted
    WHERE d.id = wanted.id AND (wanted.more_hosts = 0 OR EXISTS (SELECT FROM counted))
    RETURNING d.id, d.org_id, d.team_id, d.display_name, d.generation, d.current_revision
), revision AS (
    INSERT INTO revisions
        (id, deployment_id, number, generation, spec, secret_versions, secret_origins, rollback_of, author_id, author_name, note)
    SELECT :revisionId, id, current_revision, generation, :spec::jsonb, :secretVersions::jsonb,
        coalesce(:secretOrigins::jsonb, (
            SELECT r.secret_origins FROM revisions r
            WHERE r.deployment_id = updated.id AND r.number = coalesce(:rollbackOf::int, updated.current_revision - 1)
        )), :rollbackOf::int, coalesce(:onBehalfOfId, :actorId), :actorName, :note
    FROM updated
), claimed AS (
    INSERT INTO host_names (host, deployment_id)
    SELECT wanted.host, updated.id FROM updated, unnest(:hosts::text[]) AS wanted (host)
    WHERE NOT EXISTS (SELECT FROM host_names h WHERE h.host = wanted.host AND h.deployment_id = updated.id)
), released AS (
    UPDATE host_names h SET released_generation = CASE WHEN h.host <> ALL (:hosts::text[]) THEN updated.generation END
    FROM updated
    WHERE h.deployment_id = updated.id AND (h.released_generation IS NULL) = (h.host <> ALL (:hosts::text[]))
), secret AS (
    INSERT INTO secret_meta AS m
        (id, layer, path, key, version, service, description, deployment_id, author_id, author_name)
    SELECT s.id, s.layer, s.path, s.key, s.version, s.service, s.description, updated.id, coalesce(:onBehalfOfId, :actorId), :actorName
    FROM updated, jsonb_to_recordset(:secrets::jsonb) AS
        s (id text, layer secret_layer, path text, key text, version int, service text, description text)
    ON CONFLICT (path, key) DO UPDATE SET
        version = excluded.version,
        description = coalesce(nullif(excluded.description, ''), m.description), updated_at = now(),
        author_id = excluded.author_id, author_name = excluded.author_name
), forgotten AS (
    DELETE FROM secret_meta m
    USING updated, jsonb_to_recordset(:removedSecrets::jsonb) AS r (path text, key text)
    WHERE m.deployment_id = updated.id AND m.path = r.path AND m.key = r.key
), followed AS (
    UPDATE image_follows f SET digest = :followedDigest::text
    FROM updated WHERE f.deployment_id = updated.id AND f.service = :followedService::text
), audited AS (
    INSERT INTO audit_events
        (id, org_id, team_id, actor_kind, actor_id, actor_name, on_behalf_of_id, action, target_id, target_name,
        detail, changes, request_id, ip, user_agent)
    SELECT :auditId, org_id, team_id, :actorKind, :actorId, :actorName, :onBehalfOfId, :action, id, display_name,
        jsonb_build_object('revision', current_revision),
        :changes::jsonb, :requestId, :ip, :userAgent
    FROM updated
), told AS (
    INSERT INTO activity (id, deployment_id, kind, actor_id, actor_name, revision, detail)
    SELECT :activityId, id, :activityKind, coalesce(:onBehalfOfId, :actorId), :actorName, current_revision, :activityDetail::jsonb FROM updated
)
SELECT
    CASE
        WHEN updated.id IS NOT NULL THEN 'updated'
        WHEN wanted.id IS NOT NULL THEN 'domain_limit_reached'
        WHEN present.id IS NULL THEN 'no_such_deployment'
        WHEN present.deleted_at IS NOT NULL THEN 'deleted'
        ELSE 'stale'
    END AS "outcome!",
    coalesce(updated.generation, present.generation) AS "generation?",
    coalesce(updated.current_revision, present.current_revision) AS "revision?",
    o.domains_used AS "domains_used?", coalesce(o.domains_limit, p.domains_limit) AS "domains_limit?", p.id AS "plan_id?"
FROM (SELECT) AS always
    LEFT JOIN updated ON true
    LEFT JOIN wanted ON true
    LEFT JOIN (organizations o JOIN plans p ON p.id = o.plan_id) ON o.id = wanted.org_id AND updated.id IS NULL
    LEFT JOIN deployments present ON present.id = :deploymentId AND present.removed_at IS NULL
