-- Deployments that follow a tag. What schema.prisma says comes first; what Prisma cannot say comes after "Rules".

CREATE TABLE watched_images (
    image TEXT NOT NULL,
    digest TEXT,
    asked_at TIMESTAMPTZ(3),
    ask_after TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    attempts INTEGER NOT NULL DEFAULT 0,
    problem TEXT,
    claimed_by TEXT,
    claimed_until TIMESTAMPTZ(3),

    CONSTRAINT watched_images_pkey PRIMARY KEY (image)
);

CREATE TABLE image_follows (
    deployment_id TEXT NOT NULL,
    service TEXT NOT NULL,
    image TEXT NOT NULL,
    watched_image TEXT NOT NULL,
    digest TEXT,
    followed_by_id TEXT NOT NULL,
    followed_by_name TEXT NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT image_follows_pkey PRIMARY KEY (deployment_id,service)
);

CREATE INDEX watched_images_ask_after_idx ON watched_images(ask_after);

CREATE INDEX image_follows_watched_image_idx ON image_follows(watched_image);

ALTER TABLE image_follows ADD CONSTRAINT image_follows_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES deployments(id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE image_follows ADD CONSTRAINT image_follows_watched_image_fkey FOREIGN KEY (watched_image) REFERENCES watched_images(image) ON DELETE RESTRICT ON UPDATE CASCADE;

-- Rules ───────────────────────────────────────────────────────────────────────────────────────────────────

-- A digest from here becomes part of an image's name without another check.
ALTER TABLE watched_images ADD CONSTRAINT watched_images_digest_check
    CHECK (digest ~ '^(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$');
ALTER TABLE watched_images ADD CONSTRAINT watched_images_image_check CHECK (image !~ '@' AND attempts >= 0);
ALTER TABLE image_follows ADD CONSTRAINT image_follows_image_check CHECK (image !~ '@');
