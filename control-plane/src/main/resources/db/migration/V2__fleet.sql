-- What runtimes say of themselves and what they answered. Everything here is observed, nothing is declared; it may be
-- lost without harm to what is served.

-- One row a runtime: the state of its last report. Its lock also puts the reports of one runtime in a row.
CREATE TABLE runtime (
    id          uuid PRIMARY KEY,
    group_id    uuid        NOT NULL REFERENCES runtime_group ON DELETE CASCADE,
    name        text        NOT NULL,
    host        text        NOT NULL,
    version     text        NOT NULL,
    boot        uuid        NOT NULL,
    sequence    bigint      NOT NULL,
    started_at  timestamptz NOT NULL,
    epoch       bigint      NOT NULL,
    revision    bigint      NOT NULL,
    digest      text        NOT NULL,
    source      text        NOT NULL,
    stopping    boolean     NOT NULL,
    stopped     boolean     NOT NULL,
    refusal     jsonb,
    memory_used bigint      NOT NULL,
    memory_max  bigint      NOT NULL,
    bus         boolean     NOT NULL,
    first_seen  timestamptz NOT NULL DEFAULT now(),
    last_seen   timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
CREATE INDEX runtime_of_group ON runtime (group_id);

-- Requests by the minute in which they ended, as each boot of each runtime counted them: the cumulative values that
-- reports carry. route_id is the nil uuid for requests that no route matched; version_id likewise. touched is when a
-- report last carried the row.
CREATE TABLE status_minute (
    minute     timestamptz NOT NULL,
    group_id   uuid        NOT NULL,
    runtime_id uuid        NOT NULL,
    boot       uuid        NOT NULL,
    route_id   uuid        NOT NULL,
    code       integer     NOT NULL,
    version_id uuid        NOT NULL,
    n          bigint      NOT NULL,
    touched    timestamptz NOT NULL,
    PRIMARY KEY (minute, group_id, runtime_id, boot, route_id, code)
) PARTITION BY RANGE (minute);
CREATE INDEX status_minute_version ON status_minute (version_id, minute);
CREATE INDEX status_minute_route ON status_minute (route_id, minute);
CREATE TABLE status_minute_default PARTITION OF status_minute DEFAULT WITH (fillfactor = 70);

-- Requests by the second in which their report arrived, for the live view.
CREATE TABLE status_second (
    at         timestamptz NOT NULL,
    group_id   uuid        NOT NULL,
    runtime_id uuid        NOT NULL,
    route_id   uuid        NOT NULL,
    code       integer     NOT NULL,
    version_id uuid        NOT NULL,
    n          bigint      NOT NULL,
    PRIMARY KEY (at, group_id, runtime_id, route_id, code)
) PARTITION BY RANGE (at);
CREATE INDEX status_second_version ON status_second (version_id, at);
CREATE INDEX status_second_route ON status_second (route_id, at);
CREATE TABLE status_second_default PARTITION OF status_second DEFAULT WITH (fillfactor = 70);

-- Requests by the hour in which they ended.
CREATE TABLE status_hour (
    hour       timestamptz NOT NULL,
    group_id   uuid        NOT NULL,
    runtime_id uuid        NOT NULL,
    route_id   uuid        NOT NULL,
    code       integer     NOT NULL,
    version_id uuid        NOT NULL,
    n          bigint      NOT NULL,
    PRIMARY KEY (hour, group_id, runtime_id, route_id, code)
) PARTITION BY RANGE (hour);
CREATE INDEX status_hour_version ON status_hour (version_id, hour);
CREATE INDEX status_hour_route ON status_hour (route_id, hour);
CREATE TABLE status_hour_default PARTITION OF status_hour DEFAULT WITH (fillfactor = 70);

-- Latency of requests, one record (HdrHistogram V2, compressed, microseconds) a boot, minute and route.
CREATE TABLE latency_minute (
    minute     timestamptz NOT NULL,
    group_id   uuid        NOT NULL,
    runtime_id uuid        NOT NULL,
    boot       uuid        NOT NULL,
    route_id   uuid        NOT NULL,
    version_id uuid        NOT NULL,
    total      bigint      NOT NULL,
    histogram  bytea       NOT NULL,
    PRIMARY KEY (minute, group_id, runtime_id, boot, route_id)
) PARTITION BY RANGE (minute);
CREATE INDEX latency_minute_version ON latency_minute (version_id, minute);
CREATE INDEX latency_minute_route ON latency_minute (route_id, minute);
CREATE TABLE latency_minute_default PARTITION OF latency_minute DEFAULT WITH (fillfactor = 70);
