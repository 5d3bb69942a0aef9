-- Manifest trees (package image): an index and what of it is here, or a manifest that is not its image's first one.
CREATE TABLE manifest_tree (
    -- Of the index or manifest.
    digest     TEXT PRIMARY KEY,
    media_type TEXT NOT NULL
);
-- The manifests that are here.
CREATE TABLE manifest_part (
    tree     TEXT NOT NULL REFERENCES manifest_tree (digest),
    manifest TEXT NOT NULL,
    -- Null for an attestation, another artifact, or an index within the index.
    image    TEXT REFERENCES image (id),
    PRIMARY KEY (tree, manifest)
);
CREATE INDEX manifest_part_image ON manifest_part (image);
-- Blobs that a part holds: its manifest and what that names. The part of the tree's own digest holds the index.
CREATE TABLE manifest_blob (
    tree     TEXT NOT NULL REFERENCES manifest_tree (digest),
    manifest TEXT NOT NULL,
    digest   TEXT NOT NULL,
    PRIMARY KEY (tree, manifest, digest)
);
CREATE INDEX manifest_blob_digest ON manifest_blob (digest);
-- The tree that the reference points to; null when that is the image's own manifest. The image of a reference is then the
-- one of the tree that runs best on this host.
ALTER TABLE reference ADD COLUMN tree TEXT REFERENCES manifest_tree (digest);
CREATE INDEX reference_tree ON reference (tree);
