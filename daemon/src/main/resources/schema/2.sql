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
