-- Sandboxes of pods (package pod).

-- The name is of what no two sandboxes have alike. The config is JSON, the addresses a JSON array.
CREATE TABLE sandbox (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    state      TEXT NOT NULL,
    config     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    addresses  TEXT NOT NULL,
    boot_id    TEXT NOT NULL
);
