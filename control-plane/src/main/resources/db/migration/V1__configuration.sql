-- What people declare. Services and versions are rows; whatever runtimes serve is in config_entity, whose rows are
-- valid from one revision of their group to another, so that every revision can be read back with one query.

CREATE TABLE runtime_group (
    id          uuid PRIMARY KEY,
    name        text        NOT NULL UNIQUE,
    description text        NOT NULL DEFAULT '',
    labels      jsonb       NOT NULL DEFAULT '{}',
    proxy_url   text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    row_version bigint      NOT NULL DEFAULT 1
);

-- One row a group: every write of configuration locks it, so commit order is revision order. A new head's epoch is the
-- time in milliseconds: runtimes never go back, so a group that is made again, or made in an empty database under
-- runtimes that kept their data, has to begin after everything that was ever served under its name.
CREATE TABLE group_head (
    group_id   uuid PRIMARY KEY REFERENCES runtime_group ON DELETE CASCADE,
    epoch      bigint      NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000)::bigint
        CHECK (epoch >= 1),
    revision   bigint      NOT NULL DEFAULT 0 CHECK (revision >= 0),
    digest     text        NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE revision (
    group_id      uuid        NOT NULL REFERENCES runtime_group ON DELETE CASCADE,
    number        bigint      NOT NULL CHECK (number >= 1),
    epoch         bigint      NOT NULL,
    digest        text        NOT NULL,
    author        text        NOT NULL,
    summary       text        NOT NULL,
    restored_from bigint,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_id, number)
);

-- There is always a group to begin with. Its configuration is empty, and so are the bytes under its digest.
WITH first_group AS (
    INSERT INTO runtime_group (id, name) VALUES (gen_random_uuid(), 'default') RETURNING id
)
INSERT INTO group_head (group_id, digest) SELECT id, encode(sha256(''), 'hex') FROM first_group;

-- Deleted services and versions stay as tombstones, so that restoring an earlier revision can bring them back by id.
CREATE TABLE service (
    id          uuid PRIMARY KEY,
    name        text        NOT NULL,
    description text        NOT NULL DEFAULT '',
    labels      jsonb       NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    row_version bigint      NOT NULL DEFAULT 1,
    deleted_at  timestamptz
);
CREATE UNIQUE INDEX service_name ON service (name) WHERE deleted_at IS NULL;
CREATE INDEX service_page ON service (created_at, id) WHERE deleted_at IS NULL;

-- A tombstone outlives the group that it was in; a version that is there does not let its group go.
CREATE TABLE service_version (
    id          uuid PRIMARY KEY,
    service_id  uuid        NOT NULL REFERENCES service,
    group_id    uuid REFERENCES runtime_group ON DELETE SET NULL,
    name        text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    row_version bigint      NOT NULL DEFAULT 1,
    deleted_at  timestamptz,
    CONSTRAINT service_version_has_group CHECK (group_id IS NOT NULL OR deleted_at IS NOT NULL)
);
CREATE UNIQUE INDEX service_version_name ON service_version (service_id, name) WHERE deleted_at IS NULL;
CREATE INDEX service_version_service ON service_version (service_id);
CREATE INDEX service_version_group ON service_version (group_id);

-- An entity as it was from revision valid_from on and before valid_to; the head's rows have no valid_to.
CREATE TABLE config_entity (
    group_id   uuid        NOT NULL REFERENCES runtime_group ON DELETE CASCADE,
    kind       text        NOT NULL,
    id         uuid        NOT NULL,
    valid_from bigint      NOT NULL,
    valid_to   bigint CHECK (valid_to > valid_from),
    version_id uuid        NOT NULL REFERENCES service_version,
    name       text,
    tags       text[]      NOT NULL DEFAULT '{}',
    bytes      bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_id, kind, id, valid_from)
);
CREATE UNIQUE INDEX config_entity_current ON config_entity (kind, id) WHERE valid_to IS NULL;
CREATE UNIQUE INDEX config_entity_current_name ON config_entity (group_id, kind, name)
    WHERE valid_to IS NULL AND name IS NOT NULL;
CREATE UNIQUE INDEX config_entity_one_implementation ON config_entity (version_id)
    WHERE valid_to IS NULL AND kind = 'implementation';
CREATE INDEX config_entity_version ON config_entity (version_id, kind);
CREATE INDEX config_entity_page ON config_entity (kind, created_at, id) WHERE valid_to IS NULL;
CREATE INDEX config_entity_from ON config_entity (group_id, valid_from);
CREATE INDEX config_entity_to ON config_entity (group_id, valid_to) WHERE valid_to IS NOT NULL;

-- Every route that was ever in a group, and whose it was: runtimes may report counts of it long after it is gone.
CREATE TABLE route_owner (
    group_id   uuid NOT NULL REFERENCES runtime_group ON DELETE CASCADE,
    route_id   uuid NOT NULL,
    version_id uuid NOT NULL,
    PRIMARY KEY (group_id, route_id)
);

CREATE TABLE api_token (
    id         uuid PRIMARY KEY,
    name       text        NOT NULL UNIQUE,
    sha256     bytea       NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);
