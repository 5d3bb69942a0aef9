-- Snapshots (package snapshot). A committed snapshot never changes; its files are snapshots/<id>/fs.
CREATE TABLE snapshot (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    parent     INTEGER REFERENCES snapshot (id),
    state      TEXT    NOT NULL CHECK (state IN ('active', 'committed')),
    -- Of the layer's tar stream; null until it is computed.
    diff_id    TEXT,
    -- Identity of this layer and all below it, once the diff IDs are known.
    chain_id   TEXT UNIQUE,
    -- Bytes of the layer's files, and of its tar stream.
    size       INTEGER,
    tar_size   INTEGER,
    -- The boot in which it was committed, until its files are known to be on disk; then null.
    unsynced_boot TEXT,
    created_at INTEGER NOT NULL
);
CREATE INDEX snapshot_parent ON snapshot (parent);

-- Images (package image). The id is the digest of the config.
CREATE TABLE image (
    id         TEXT PRIMARY KEY,
    manifest   TEXT    NOT NULL,
    -- Topmost snapshot; null for an image without layers.
    snapshot   INTEGER REFERENCES snapshot (id),
    size       INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    stored_at  INTEGER NOT NULL
);
CREATE TABLE reference (
    name     TEXT PRIMARY KEY,
    image    TEXT NOT NULL REFERENCES image (id),
    -- What the registry's tag pointed to: an index or a manifest; null when the image was made here.
    digest   TEXT
);
CREATE INDEX reference_image ON reference (image);
-- Blobs that an image holds: its manifest, config, and compressed layers.
CREATE TABLE image_blob (
    image  TEXT NOT NULL REFERENCES image (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    PRIMARY KEY (image, digest)
);
CREATE INDEX image_blob_digest ON image_blob (digest);

-- Containers (package container).
CREATE TABLE container (
    id          TEXT PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE,
    image       TEXT    NOT NULL,
    image_name  TEXT    NOT NULL,
    snapshot    INTEGER REFERENCES snapshot (id),
    state       TEXT    NOT NULL,
    -- What was asked for at its creation, as JSON.
    config      TEXT    NOT NULL,
    pid         INTEGER NOT NULL DEFAULT 0,
    exit_code   INTEGER NOT NULL DEFAULT 0,
    error       TEXT    NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL,
    started_at  INTEGER NOT NULL DEFAULT 0,
    finished_at INTEGER NOT NULL DEFAULT 0,
    -- The boot it runs in, so that a reboot is recognised.
    boot_id     TEXT    NOT NULL DEFAULT ''
);

-- Cache records (package build.cache): from a cache key to the snapshot that the step made.
CREATE TABLE cache_record (
    key        TEXT PRIMARY KEY,
    -- Key of the same step with any inputs on the same parent, to find the nearest earlier record.
    definition TEXT    NOT NULL,
    snapshot   INTEGER NOT NULL REFERENCES snapshot (id),
    -- Instruction and a summary of what the step read, as JSON, to explain a miss.
    inputs     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL
);
CREATE INDEX cache_record_definition ON cache_record (definition, created_at);
CREATE INDEX cache_record_snapshot ON cache_record (snapshot);
