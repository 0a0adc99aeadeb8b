-- Who trusts whom between the planes. Private keys are text as SealingKey seals it (sealed:1:KEYID:BASE64), certificates
-- are PEM, fingerprints and hashes SHA-256 in hexadecimal.

-- The certificate authorities: 'api' for runtimes, control planes and signing keys, 'bus' for the event bus.
CREATE TABLE authority (
    purpose     text PRIMARY KEY CHECK (purpose IN ('api', 'bus')),
    certificate text        NOT NULL,
    sealed_key  text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- Keys that sign snapshots. One signs; the others are accepted until they retire.
CREATE TABLE signing_key (
    id          text PRIMARY KEY,
    certificate text        NOT NULL,
    sealed_key  text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    not_after   timestamptz NOT NULL,
    retires_at  timestamptz
);
CREATE UNIQUE INDEX signing_key_that_signs ON signing_key ((true)) WHERE retires_at IS NULL;

-- Keys that seal the secrets within a group's snapshots: the newest seals.
CREATE TABLE content_key (
    group_id   uuid        NOT NULL REFERENCES runtime_group ON DELETE CASCADE,
    id         text        NOT NULL,
    sealed_key text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (group_id, id)
);

-- What runtimes join with. Of the secret only the hash is kept. uses_left is null for any number.
CREATE TABLE join_token (
    id            text PRIMARY KEY,
    group_id      uuid        NOT NULL REFERENCES runtime_group ON DELETE CASCADE,
    name          text,
    secret_sha256 text        NOT NULL,
    expires_at    timestamptz,
    uses_left     integer CHECK (uses_left >= 0),
    created_by    text        NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_used_at  timestamptz,
    revoked_at    timestamptz
);
CREATE INDEX join_token_page ON join_token (group_id, created_at, id);

-- A use is counted once for a key and runtime, however often a lost answer is asked for again.
CREATE TABLE join_token_use (
    token_id        text        NOT NULL REFERENCES join_token ON DELETE CASCADE,
    key_fingerprint text        NOT NULL,
    runtime_id      uuid        NOT NULL,
    used_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (token_id, key_fingerprint, runtime_id)
);

-- Runtimes that have joined. The directory (runtime) has those of them that have reported.
CREATE TABLE runtime_identity (
    id                    uuid PRIMARY KEY,
    group_id              uuid        NOT NULL REFERENCES runtime_group ON DELETE CASCADE,
    name                  text        NOT NULL,
    certificate_not_after timestamptz NOT NULL,
    joined_at             timestamptz NOT NULL DEFAULT now(),
    revoked_at            timestamptz,
    revoked_by            text
);

-- Every certificate that was issued to a runtime. It outlives the runtime and its group: a revoked one stays revoked.
CREATE TABLE runtime_certificate (
    serial          text PRIMARY KEY,
    runtime_id      uuid        NOT NULL,
    group_id        uuid        NOT NULL,
    key_fingerprint text        NOT NULL,
    not_before      timestamptz NOT NULL,
    not_after       timestamptz NOT NULL,
    issued_at       timestamptz NOT NULL DEFAULT now(),
    revoked_at      timestamptz
);
CREATE INDEX runtime_certificate_runtime ON runtime_certificate (runtime_id);
CREATE INDEX runtime_certificate_key ON runtime_certificate (key_fingerprint) WHERE revoked_at IS NOT NULL;

-- Control planes that are there: each says so every few seconds.
CREATE TABLE control_plane (
    id          uuid PRIMARY KEY,
    runtime_api text        NOT NULL,
    member      text,
    last_seen   timestamptz NOT NULL DEFAULT now()
);
