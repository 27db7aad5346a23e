-- With which version each key of a secret was last written. Of the revisions that are there it is not known.
ALTER TABLE revisions ADD COLUMN secret_origins JSONB NOT NULL DEFAULT '{}';
