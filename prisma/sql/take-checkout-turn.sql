-- Takes the turn to open a page where an organisation pays; no row while somebody else has it. A turn that was not given
-- back ends by itself. Who waited for it may be told of the customer from before: that one is made by the same key again.
INSERT INTO checkout_turns AS t (org_id, claimed_by, claimed_until)
SELECT id, :claimedBy, now() + make_interval(secs => :leaseSeconds::float8) FROM organizations WHERE id = :orgId
ON CONFLICT (org_id) DO UPDATE SET claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
WHERE t.claimed_until < now()
RETURNING
    t.org_id,
    (SELECT o.name FROM organizations o WHERE o.id = t.org_id) AS "org_name!",
    (SELECT o.stripe_customer_id FROM organizations o WHERE o.id = t.org_id) AS "stripe_customer_id?",
    (
        SELECT u.email FROM org_members m JOIN users u ON u.id = m.user_id
        WHERE m.org_id = t.org_id AND m.role = 'org_owner'
    ) AS "owner_email?"
