-- Names by which an endpoint knows others on its network (package network): a JSON array of "CONTAINER:ALIAS".
ALTER TABLE endpoint ADD COLUMN links TEXT NOT NULL DEFAULT '[]';
