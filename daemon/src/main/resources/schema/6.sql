-- Manifest lists (package image.list).

-- A list that is put together here before it is pushed. The entries are a JSON array, in the order they were added.
CREATE TABLE manifest_list (
    reference TEXT PRIMARY KEY,
    entries   TEXT NOT NULL
);
