-- Compressed layers (package image).

-- The blob of a layer that was made here, so that it is compressed once. An image in image_blob keeps it.
CREATE TABLE layer_blob (
    diff_id    TEXT PRIMARY KEY,
    media_type TEXT    NOT NULL,
    digest     TEXT    NOT NULL,
    size       INTEGER NOT NULL
);
CREATE INDEX layer_blob_digest ON layer_blob (digest);
