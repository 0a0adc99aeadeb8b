-- Who may do what, who is logged in, and who did what.

CREATE TABLE user_account (
    id          uuid PRIMARY KEY,
    name        text        NOT NULL,
    password    text        NOT NULL, -- Argon2id, in the PHC string format
    disabled    boolean     NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    row_version bigint      NOT NULL DEFAULT 1,
    CONSTRAINT user_account_name UNIQUE (name)
);

-- creator_id: the user or token that made it, who may see and delete it; user_id: whose rights bound it.
ALTER TABLE api_token
    ADD COLUMN user_id      uuid REFERENCES user_account ON DELETE CASCADE,
    ADD COLUMN creator_id   uuid,
    ADD COLUMN expires_at   timestamptz,
    ADD COLUMN last_used_at timestamptz;
CREATE INDEX api_token_user ON api_token (user_id);

-- A role in one group, or in all where there is no group. A group that goes takes its grants along.
CREATE TABLE role_grant (
    user_id  uuid REFERENCES user_account ON DELETE CASCADE,
    token_id uuid REFERENCES api_token ON DELETE CASCADE,
    group_id uuid REFERENCES runtime_group ON DELETE CASCADE,
    role     text NOT NULL CHECK (role IN ('viewer', 'developer', 'operator', 'admin')),
    CONSTRAINT role_grant_holder CHECK (num_nonnulls(user_id, token_id) = 1)
);
CREATE INDEX role_grant_user ON role_grant (user_id);
CREATE INDEX role_grant_token ON role_grant (token_id);
CREATE INDEX role_grant_group ON role_grant (group_id);

-- Tokens that are there already were administrators.
INSERT INTO role_grant (token_id, role) SELECT id, 'admin' FROM api_token;

-- setting_proof: SHA-256 of the session's id and the hash of the setting's token, for sessions of that token: they end
-- when the setting changes, and nothing in this table tells the token.
CREATE TABLE login_session (
    id            uuid PRIMARY KEY,
    sha256        bytea       NOT NULL UNIQUE,
    user_id       uuid REFERENCES user_account ON DELETE CASCADE,
    token_id      uuid REFERENCES api_token ON DELETE CASCADE,
    setting_proof bytea,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_seen_at  timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    CONSTRAINT login_session_holder CHECK (num_nonnulls(user_id, token_id, setting_proof) = 1)
);
CREATE INDEX login_session_user ON login_session (user_id);
CREATE INDEX login_session_token ON login_session (token_id);

-- Attempts to log in since the last success, by user name and by address.
CREATE TABLE login_attempt (
    subject       text PRIMARY KEY,
    failures      integer     NOT NULL,
    last_at       timestamptz NOT NULL DEFAULT now(),
    blocked_until timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE audit_record (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_kind  text        NOT NULL,
    actor_id    uuid,
    actor_name  text,
    address     text        NOT NULL,
    operation   text        NOT NULL,
    method      text        NOT NULL,
    path        text        NOT NULL,
    status      integer     NOT NULL,
    request_id  text        NOT NULL,
    entity_kind text,
    entity_id   uuid,
    entity_name text,
    before      jsonb,
    after       jsonb,
    also        jsonb       NOT NULL DEFAULT '[]'
);
CREATE INDEX audit_record_at ON audit_record (at);
CREATE INDEX audit_record_actor_name ON audit_record (actor_name, id);
CREATE INDEX audit_record_actor_id ON audit_record (actor_id, id);
CREATE INDEX audit_record_operation ON audit_record (operation, id);
CREATE INDEX audit_record_entity_id ON audit_record (entity_id, id);
CREATE INDEX audit_record_entity_name ON audit_record (entity_name, id);

-- What is in the audit trail stays as it is for 365 days, then audit_record_expire() alone takes it away.
CREATE FUNCTION audit_record_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('sluice.audit_expiry', true) = 'on'
        AND OLD.at < now() - interval '365 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_record_append_only BEFORE UPDATE OR DELETE ON audit_record
    FOR EACH ROW EXECUTE FUNCTION audit_record_keep();
CREATE TRIGGER audit_record_no_truncate BEFORE TRUNCATE ON audit_record
    FOR EACH STATEMENT EXECUTE FUNCTION audit_record_keep();

CREATE FUNCTION audit_record_expire() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    expired bigint;
BEGIN
    PERFORM set_config('sluice.audit_expiry', 'on', true);
    DELETE FROM audit_record WHERE at < now() - interval '365 days';
    GET DIAGNOSTICS expired = ROW_COUNT;
    PERFORM set_config('sluice.audit_expiry', 'off', true);
    RETURN expired;
END
$$;
