-- People: who answers for a deployment, links of invitations, organisations that are being taken down. What
-- schema.prisma says comes first; what Prisma cannot say comes after "Rules".

ALTER TABLE deployments ADD COLUMN keeper_id TEXT;
UPDATE deployments SET keeper_id = owner_id WHERE removed_at IS NULL;
DROP INDEX deployments_org_id_idx;
CREATE INDEX deployments_org_id_keeper_id_idx ON deployments(org_id, keeper_id);
ALTER TABLE deployments ADD CONSTRAINT deployments_org_id_keeper_id_fkey FOREIGN KEY (org_id, keeper_id) REFERENCES org_members(org_id, user_id) ON DELETE NO ACTION ON UPDATE CASCADE;

ALTER TABLE invitations ALTER COLUMN token_hash DROP NOT NULL;
ALTER TABLE invitations ADD COLUMN replaced_hashes TEXT[] DEFAULT ARRAY[]::TEXT[];
ALTER TABLE invitations ADD COLUMN sent_at TIMESTAMPTZ(3);
ALTER TABLE invitations ADD COLUMN accepted_by_id TEXT;
CREATE INDEX invitations_replaced_hashes_idx ON invitations USING GIN (replaced_hashes);

CREATE TABLE org_removals (
    org_id TEXT NOT NULL,
    name TEXT NOT NULL,
    requested_by_id TEXT NOT NULL,
    requested_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    done_at TIMESTAMPTZ(3),

    CONSTRAINT org_removals_pkey PRIMARY KEY (org_id)
);

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

-- Somebody answers for whatever runs, and is a member of its organisation (by the foreign key): who is not any more
-- has handed over all deployments, however the two changes meet.
ALTER TABLE deployments ADD CONSTRAINT deployments_keeper_check CHECK ((keeper_id IS NULL) = (removed_at IS NOT NULL));

DROP INDEX invitations_open;
CREATE UNIQUE INDEX invitations_open ON invitations (org_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
ALTER TABLE invitations ADD CONSTRAINT invitations_sent_check CHECK ((sent_at IS NULL) = (token_hash IS NULL));
-- An id that stands in labels of namespaces and in a path of Vault.
ALTER TABLE org_removals ADD CONSTRAINT org_removals_org_id_check CHECK (org_id ~ '^org_[a-z2-7]{25}$');
CREATE INDEX org_removals_to_do ON org_removals (requested_at) WHERE done_at IS NULL;
-- What became of the mail of an invitation, for the list of them.
CREATE INDEX outbox_invitations ON outbox ((payload ->> 'invitationId')) WHERE kind = 'invitation';
