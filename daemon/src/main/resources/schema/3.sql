-- Networks (package network), and volumes.

-- Networks that users made, and the predefined ones. The link of one on the host is made when an endpoint needs it.
CREATE TABLE network (
    id         TEXT PRIMARY KEY,
    -- While the network is being removed, its id.
    name       TEXT    NOT NULL UNIQUE,
    driver     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    -- As a JSON array.
    subnets    TEXT    NOT NULL,
    internal   INTEGER NOT NULL,
    ipv6       INTEGER NOT NULL,
    attachable INTEGER NOT NULL,
    -- The bridge, or the interface of the host that the network uses.
    interface  TEXT    NOT NULL,
    -- As JSON objects of strings.
    options    TEXT    NOT NULL,
    labels     TEXT    NOT NULL,
    removing   INTEGER NOT NULL DEFAULT 0
);

-- Which namespaces are on which networks. The indexes see to it that no address is given twice.
CREATE TABLE endpoint (
    id          TEXT PRIMARY KEY,
    network     TEXT    NOT NULL REFERENCES network (id),
    owner       TEXT    NOT NULL,
    owner_name  TEXT    NOT NULL,
    -- As JSON arrays of strings.
    owner_names TEXT    NOT NULL,
    owner_resolvers TEXT NOT NULL,
    aliases     TEXT    NOT NULL,
    -- In the namespace, such as eth0.
    interface   TEXT    NOT NULL,
    mac         TEXT    NOT NULL,
    ipv4        TEXT,
    ipv6        TEXT,
    metric      INTEGER NOT NULL,
    -- While its link is made or removed in a namespace that is in use.
    changing    INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX endpoint_owner ON endpoint (owner, network);
CREATE UNIQUE INDEX endpoint_interface ON endpoint (owner, interface);
CREATE UNIQUE INDEX endpoint_ipv4 ON endpoint (network, ipv4);
CREATE UNIQUE INDEX endpoint_ipv6 ON endpoint (network, ipv6);
CREATE TABLE published_port (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    owner          TEXT    NOT NULL,
    -- Empty for all addresses of the host.
    host_ip        TEXT    NOT NULL,
    host_port      INTEGER NOT NULL,
    container_port INTEGER NOT NULL,
    protocol       TEXT    NOT NULL,
    range          INTEGER NOT NULL
);
CREATE INDEX published_port_owner ON published_port (owner);

-- Volumes (package volume). The files of one are in volumes/<name>/_data.
CREATE TABLE volume (
    name       TEXT PRIMARY KEY,
    driver     TEXT    NOT NULL,
    -- Of the driver, and labels: JSON objects of strings.
    options    TEXT    NOT NULL,
    labels     TEXT    NOT NULL,
    -- The container that an anonymous volume was made for and goes with; empty when it stays on its own.
    container  TEXT    NOT NULL,
    created_at INTEGER NOT NULL
);
