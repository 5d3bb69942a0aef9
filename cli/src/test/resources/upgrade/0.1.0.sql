PRAGMA user_version = 2;
BEGIN TRANSACTION;
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
INSERT INTO "build" VALUES(1,'19ff25df5ee1','e97eb0ee2bf2ea5f878382b95c50913259d8adb012600340b8c3dd786f730de9','context','/tmp/tmp.qYYP1IyN89/context','Dockerfile','','COMPLETED',1795928206023469779,1310697019,5,1,'sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150','app:1','','[{"step":1,"stage":"stage-0","instruction":"FROM tiny","name":"[1/5] FROM tiny","key":"e1c51f3de3d73385bda1b6838ba4d753f152f6d607b1f32ffca413a5a4d6366b","cached":true,"finished":true,"durationNanos":0,"inputs":{"instruction":"FROM tiny","facets":[["BASE_IMAGE","","tiny@sha256:ef78b799b3a02e534f83e09e101efd2ce57c743d0b5ceb660e813156975b4af6"]]}},{"step":2,"stage":"stage-0","instruction":"WORKDIR /app","name":"[2/5] WORKDIR /app","key":"765e2ab22bce78e127e6e70269bf86d7fd5a55c59df464790b3337a6cf1290e9","cached":false,"finished":true,"durationNanos":389243972,"why":{"step":2,"name":"[2/5] WORKDIR /app","instruction":"WORKDIR /app","causes":[{"kind":"no-earlier-build","text":"no earlier build"}],"suggestions":[]}},{"step":3,"stage":"stage-0","instruction":"COPY file .","name":"[3/5] COPY file .","key":"8a2a6ba058aa8ed4fc58bc0019162b3507ac835acb8215142f685a12cfe4ff61","cached":false,"finished":true,"durationNanos":300122120,"why":{"step":3,"name":"[3/5] COPY file .","instruction":"COPY file .","causes":[{"kind":"parent-missed","step":2,"root":2,"text":"parent: step 2 missed"}],"suggestions":[]}},{"step":4,"stage":"stage-0","instruction":"ENV A=b","name":"[4/5] ENV A=b","cached":false,"finished":true,"durationNanos":0},{"step":5,"stage":"stage-0","instruction":"CMD [\"/true\"]","name":"[5/5] CMD [\"/true\"]","cached":false,"finished":true,"durationNanos":0}]');
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
CREATE TABLE cache_record (
    key        TEXT PRIMARY KEY,
    -- Key of the same step with any inputs on the same parent, to find the nearest earlier record.
    definition TEXT    NOT NULL,
    snapshot   INTEGER NOT NULL REFERENCES snapshot (id),
    -- Instruction and a summary of what the step read, as JSON, to explain a miss.
    inputs     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL
, duration INTEGER NOT NULL DEFAULT 0, uses INTEGER NOT NULL DEFAULT 0);
INSERT INTO "cache_record" VALUES('sha256:765e2ab22bce78e127e6e70269bf86d7fd5a55c59df464790b3337a6cf1290e9','sha256:765e2ab22bce78e127e6e70269bf86d7fd5a55c59df464790b3337a6cf1290e9',2,'{"instruction":"WORKDIR /app","facets":[["WORKDIR","","/app"],["USER","","root"]]}',1795928206503046051,1795928206503046051,200522746,0);
INSERT INTO "cache_record" VALUES('sha256:8a2a6ba058aa8ed4fc58bc0019162b3507ac835acb8215142f685a12cfe4ff61','sha256:ea9c1a7b0c65390f8c36cd4fb163ed529610b7b2e4e792fc2e3fe2045a9e8757',3,'{"instruction":"COPY file .","facets":[["SOURCES","","file"],["DESTINATION","","/app/"],["OWNER","","root"],["MODE","","as in the source"]],"files":"sha256:c9984740c04ba3a4842412483dd540d6959da3a9099bd292bdd6a9698f5678a5"}',1795928206833472855,1795928206833472855,191844132,0);
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
, pid_start INTEGER NOT NULL DEFAULT 0, restarts INTEGER NOT NULL DEFAULT 0, stopped_by_hand INTEGER NOT NULL DEFAULT 0, health TEXT NOT NULL DEFAULT '');
INSERT INTO "container" VALUES('9be7f02d8c4c0222ac47dddd83bf4c8d0977778d16070b8715bfb585c6df48af','kept','sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150','app:1',4,'created','{"request":{"image":"app:1","args":[],"entrypoint":[],"env":["C=d"],"workingDir":"","user":"","tty":false,"stdinOpen":false,"stdinOnce":false,"autoRemove":false,"network":"none","hostname":"","labels":{"x":"y"},"stopSignal":"","stopTimeout":-1,"init":false,"expose":[],"restart":{"name":"ON_FAILURE","maximumRetries":3},"health":{"test":[],"intervalNanos":0,"timeoutNanos":0,"startPeriodNanos":0,"startIntervalNanos":0,"retries":0,"asked":false},"isolation":{"privileged":false,"readOnly":false,"capAdd":[],"capDrop":[],"securityOptions":[],"pid":"","ipc":"","uts":"","cgroupNamespace":"","userNamespace":"","sysctls":{},"groups":[],"devices":[],"deviceRules":[],"limits":[]},"resources":{"memory":67108864,"memoryReservation":0,"memorySwap":0,"memorySwappiness":-1,"nanoCpus":0,"cpuShares":0,"cpuPeriod":0,"cpuQuota":0,"cpusetCpus":"","cpusetMems":"","pidsLimit":0,"blkioWeight":0,"oomScoreAdj":0,"oomKillDisable":false,"cgroupParent":"","readBytes":[],"writeBytes":[],"readOperations":[],"writeOperations":[]},"mounts":[],"shmBytes":0,"log":{"driver":"json-file","options":{}},"names":{"hosts":[],"servers":[],"search":[],"options":[],"domainName":""},"runtime":"","annotations":{}},"entrypoint":[],"cmd":["/true"],"env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","A=b","C=d"],"workingDir":"/app","user":"","hostname":"9be7f02d8c4c","stopSignal":"SIGTERM","ports":[],"labels":{"made":"by-hand","x":"y"}}',0,0,'',1795928211441513298,0,0,'',0,0,0,'');
CREATE TABLE download (
    url           TEXT PRIMARY KEY,
    digest        TEXT NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    fetched_at    INTEGER NOT NULL
);
CREATE TABLE event (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    type       TEXT    NOT NULL,
    action     TEXT    NOT NULL,
    actor      TEXT    NOT NULL,
    -- As a JSON object of strings.
    attributes TEXT    NOT NULL,
    time       INTEGER NOT NULL
);
INSERT INTO "event" VALUES(1,'image','import','sha256:71a8e576a5f0227fbb869562c69fd8ccb374d696bb08c5d6616708b8f70d2f4a','{"name":"sha256:71a8e576a5f0227fbb869562c69fd8ccb374d696bb08c5d6616708b8f70d2f4a"}',1795928203315749996);
INSERT INTO "event" VALUES(2,'image','tag','sha256:71a8e576a5f0227fbb869562c69fd8ccb374d696bb08c5d6616708b8f70d2f4a','{"name":"tiny:latest"}',1795928203389144301);
INSERT INTO "event" VALUES(3,'image','build','sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150','{"name":"sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150"}',1795928207276598008);
INSERT INTO "event" VALUES(4,'image','tag','sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150','{"name":"app:1"}',1795928207276993052);
INSERT INTO "event" VALUES(5,'image','tag','sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150','{"name":"app:latest"}',1795928209250731401);
INSERT INTO "event" VALUES(6,'container','create','9be7f02d8c4c0222ac47dddd83bf4c8d0977778d16070b8715bfb585c6df48af','{"x":"y","name":"kept","image":"app:1","made":"by-hand"}',1795928211629487165);
INSERT INTO "event" VALUES(7,'container','create','ea276c6fd039ad0248c022f4693f9f55cf611f472e5f8622abf53ddfc7bde410','{"name":"gone","image":"app:1","made":"by-hand"}',1795928213834032022);
INSERT INTO "event" VALUES(8,'container','destroy','ea276c6fd039ad0248c022f4693f9f55cf611f472e5f8622abf53ddfc7bde410','{"name":"gone","image":"app:1","made":"by-hand"}',1795928215126775027);
CREATE TABLE image (
    id         TEXT PRIMARY KEY,
    manifest   TEXT    NOT NULL,
    -- Topmost snapshot; null for an image without layers.
    snapshot   INTEGER REFERENCES snapshot (id),
    size       INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    stored_at  INTEGER NOT NULL
);
INSERT INTO "image" VALUES('sha256:71a8e576a5f0227fbb869562c69fd8ccb374d696bb08c5d6616708b8f70d2f4a','sha256:ef78b799b3a02e534f83e09e101efd2ce57c743d0b5ceb660e813156975b4af6',1,5,1795928202533868906,1795928203312220368);
INSERT INTO "image" VALUES('sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150','sha256:8ec35b2342cf6c721110b86279db9ad766664d4e18cb0ff11c5cf9ab1349a63a',3,9,1795928206833472855,1795928207275185987);
CREATE TABLE image_blob (
    image  TEXT NOT NULL REFERENCES image (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    PRIMARY KEY (image, digest)
);
INSERT INTO "image_blob" VALUES('sha256:71a8e576a5f0227fbb869562c69fd8ccb374d696bb08c5d6616708b8f70d2f4a','sha256:71a8e576a5f0227fbb869562c69fd8ccb374d696bb08c5d6616708b8f70d2f4a');
INSERT INTO "image_blob" VALUES('sha256:71a8e576a5f0227fbb869562c69fd8ccb374d696bb08c5d6616708b8f70d2f4a','sha256:ef78b799b3a02e534f83e09e101efd2ce57c743d0b5ceb660e813156975b4af6');
INSERT INTO "image_blob" VALUES('sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150','sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150');
INSERT INTO "image_blob" VALUES('sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150','sha256:8ec35b2342cf6c721110b86279db9ad766664d4e18cb0ff11c5cf9ab1349a63a');
CREATE TABLE pruned_record (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    key        TEXT    NOT NULL UNIQUE,
    definition TEXT    NOT NULL,
    inputs     TEXT    NOT NULL,
    pruned_at  INTEGER NOT NULL
);
CREATE TABLE reference (
    name     TEXT PRIMARY KEY,
    image    TEXT NOT NULL REFERENCES image (id),
    -- What the registry's tag pointed to: an index or a manifest; null when the image was made here.
    digest   TEXT
);
INSERT INTO "reference" VALUES('docker.io/library/tiny:latest','sha256:71a8e576a5f0227fbb869562c69fd8ccb374d696bb08c5d6616708b8f70d2f4a',NULL);
INSERT INTO "reference" VALUES('docker.io/library/app:1','sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150',NULL);
INSERT INTO "reference" VALUES('docker.io/library/app:latest','sha256:f1c3389b1dd31c231efb65271b569dc73852e3f1eb17be97f19930b8cc8f8150',NULL);
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
INSERT INTO "snapshot" VALUES(1,NULL,'committed','sha256:a99f62f4c8bc1b006dd44694aee7be2ea3804ed5fe1aa784afcd7e51be3379a9','sha256:a99f62f4c8bc1b006dd44694aee7be2ea3804ed5fe1aa784afcd7e51be3379a9',5,2560,NULL,1795928202617);
INSERT INTO "snapshot" VALUES(2,1,'committed','sha256:1d8d8ac4502df005af678d4c9c9dc1307e27f3c74b226b42b96e072939aab52d','sha256:d955e6637a57f4676adb439fa4c67f0f88e4f31cc07114767d7bff1306d94d24',0,1536,NULL,1795928206151);
INSERT INTO "snapshot" VALUES(3,2,'committed','sha256:d1c4933f5350baf39579b743082fffb120d540a79f53e6bdecda4485eb9df2ac','sha256:88f695b6a5db7584cc93d64fe6425bb6f474c68cba18261cba0925ffd6229fd8',4,2560,NULL,1795928206658);
INSERT INTO "snapshot" VALUES(4,3,'active',NULL,NULL,NULL,NULL,NULL,1795928211437);
CREATE INDEX snapshot_parent ON snapshot (parent);
CREATE INDEX reference_image ON reference (image);
CREATE INDEX image_blob_digest ON image_blob (digest);
CREATE INDEX cache_record_definition ON cache_record (definition, created_at);
CREATE INDEX cache_record_snapshot ON cache_record (snapshot);
CREATE INDEX cache_mount_key ON cache_mount (key, id);
CREATE INDEX download_fetched_at ON download (fetched_at);
CREATE INDEX build_project ON build (project, id);
CREATE INDEX pruned_record_definition ON pruned_record (definition, id);
CREATE TRIGGER cache_record_pruned AFTER DELETE ON cache_record BEGIN INSERT OR REPLACE INTO pruned_record (key, definition, inputs, pruned_at) VALUES (old.key, old.definition, old.inputs, CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000000); DELETE FROM pruned_record WHERE id <= (SELECT max(id) FROM pruned_record) - 5000; END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('snapshot',5);
INSERT INTO "sqlite_sequence" VALUES('event',8);
INSERT INTO "sqlite_sequence" VALUES('build',1);
COMMIT;
