-- Gives a worker tags that a registry is to be asked for, each once however many deployments follow it. Each is its
-- alone for `leaseSeconds`, in which it says what came of it (mark-image-asked.sql). Tags that only stopped, suspended
-- or deleted deployments follow are left alone.
--
-- @type image ImageReference
WITH due AS (
    SELECT image FROM watched_images w
    -- Stamps are rounded to milliseconds, perhaps upwards.
    WHERE ask_after <= now() + interval '1 millisecond' AND (claimed_until IS NULL OR claimed_until < now())
        AND EXISTS (
            SELECT FROM image_follows f
                JOIN deployments d ON d.id = f.deployment_id JOIN organizations o ON o.id = d.org_id
            WHERE f.watched_image = w.image AND d.deleted_at IS NULL AND NOT d.suspended AND o.suspended_at IS NULL
                AND o.billing_stage NOT IN ('suspended', 'removing', 'removed')
        )
    ORDER BY ask_after
    LIMIT :limit::int
    FOR UPDATE OF w SKIP LOCKED
)
UPDATE watched_images w SET
    claimed_by = :worker, claimed_until = now() + make_interval(secs => :leaseSeconds::float8)
FROM due WHERE w.image = due.image
RETURNING w.image, w.attempts
