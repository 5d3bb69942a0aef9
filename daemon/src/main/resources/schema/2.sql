-- Builds and their history, cache mounts (package build).

-- Cache mounts (package build.cache): folders that RUN --mount=type=cache keeps from build to build. The files of one
-- are in cache-mounts/<id>/.
CREATE TABLE cache_mount (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    -- What tells one from another: its name, the owner and mode it began with, and the files. There may be several of
    -- one key, where builds that ran at once each wanted one for themselves.
    key        TEXT    NOT NULL,
    -- As the Dockerfile calls it.
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL
);
CREATE INDEX cache_mount_key ON cache_mount (key, id);
-- How long the step took, in nanoseconds.
ALTER TABLE cache_record ADD COLUMN duration INTEGER NOT NULL DEFAULT 0;

-- What is known of files fetched by ADD, by their address (package build.source).
CREATE TABLE download (
    url           TEXT PRIMARY KEY,
    digest        TEXT NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    fetched_at    INTEGER NOT NULL
);
CREATE INDEX download_fetched_at ON download (fetched_at);

-- The history of builds (package build.explain).
CREATE TABLE build (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    ref        TEXT    NOT NULL UNIQUE,
    -- Same for all builds of one Dockerfile in one context.
    project    TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    context    TEXT    NOT NULL,
    dockerfile TEXT    NOT NULL,
    target     TEXT    NOT NULL,
    status     TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    duration   INTEGER NOT NULL,
    steps      INTEGER NOT NULL,
    cached     INTEGER NOT NULL,
    image      TEXT    NOT NULL,
    -- Familiar references given, separated by spaces.
    tags       TEXT    NOT NULL,
    error      TEXT    NOT NULL,
    -- Its steps, as a JSON array.
    record     TEXT    NOT NULL
);
CREATE INDEX build_project ON build (project, id);

-- What cache records that are gone said, so that a miss can be explained by their removal; the last few thousand.
CREATE TABLE pruned_record (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    key        TEXT    NOT NULL UNIQUE,
    definition TEXT    NOT NULL,
    inputs     TEXT    NOT NULL,
    pruned_at  INTEGER NOT NULL
);
CREATE INDEX pruned_record_definition ON pruned_record (definition, id);
CREATE TRIGGER cache_record_pruned AFTER DELETE ON cache_record BEGIN INSERT OR REPLACE INTO pruned_record (key, definition, inputs, pruned_at) VALUES (old.key, old.definition, old.inputs, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000000); DELETE FROM pruned_record WHERE id <= (SELECT max(id) FROM pruned_record) - 5000; END;
-- How often it was taken from the cache.
ALTER TABLE cache_record ADD COLUMN uses INTEGER NOT NULL DEFAULT 0;

-- What happened, for those who ask later (package event); the last few thousand.
CREATE TABLE event (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    type       TEXT    NOT NULL,
    action     TEXT    NOT NULL,
    actor      TEXT    NOT NULL,
    -- As a JSON object of strings.
    attributes TEXT    NOT NULL,
    time       INTEGER NOT NULL
);
-- When its first process was started, in clock ticks since boot: with the pid it names the process for good.
ALTER TABLE container ADD COLUMN pid_start INTEGER NOT NULL DEFAULT 0;
-- How often its restart policy has started it since somebody did.
ALTER TABLE container ADD COLUMN restarts INTEGER NOT NULL DEFAULT 0;
-- Whether somebody stopped it, so that its restart policy lets it be.
ALTER TABLE container ADD COLUMN stopped_by_hand INTEGER NOT NULL DEFAULT 0;
-- State of its health checks, as JSON; empty without any.
ALTER TABLE container ADD COLUMN health TEXT NOT NULL DEFAULT '';
