package dev.wherry.cli.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a daemon holds: rows of its database, read beside it, and the files, mounts, processes and control groups that
 * the rows must account for.
 */
final class Holdings {

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /** Tables whose rows are accounted for below. A table that a new schema version brings belongs here or in the next. */
    private static final Set<String> THINGS = Set.of(
            "snapshot",
            "image",
            "reference",
            "image_blob",
            "layer_blob",
            "manifest_tree",
            "manifest_part",
            "manifest_blob",
            "manifest_list",
            "container",
            "cache_record",
            "cache_mount",
            "network",
            "endpoint",
            "published_port",
            "volume",
            "sandbox");

    /** Tables that record what happened, and are bounded by the number of their rows instead. */
    private static final Set<String> HISTORY = Set.of("build", "event", "pruned_record", "download");

    private final Daemon daemon;
    private final List<String> wrong = new ArrayList<>();

    private Holdings(Daemon daemon) {
        this.daemon = daemon;
    }

    /** Everything that belongs to nothing, and everything that is named and not there; empty when all is well. */
    static List<String> wrong(Daemon daemon) throws IOException {
        Holdings holdings = new Holdings(daemon);
        try (Connection connection = connect(daemon)) {
            connection.setAutoCommit(false);
            holdings.database(connection);
            Set<String> containers = Set.copyOf(column(connection, "SELECT id FROM container"));
            Set<String> running =
                    Set.copyOf(column(connection, "SELECT id FROM container WHERE state IN ('running', 'paused')"));
            holdings.snapshots(connection);
            holdings.content(connection);
            holdings.cacheMounts(connection);
            holdings.containers(connection);
            holdings.volumes(connection);
            holdings.expect("log folder", daemon.root().resolve("containers"), containers);
            holdings.expect("run folder", daemon.runRoot().resolve("containers"), running);
            holdings.expect("runtime state", daemon.runRoot().resolve("runtime"), running);
            holdings.expect("exit file", daemon.runRoot().resolve("exits"), running);
            holdings.expect("step folder", daemon.runRoot().resolve("steps"), Set.of());
            holdings.expect("session socket", daemon.runRoot().resolve("sessions"), Set.of());
            holdings.expect("step state", daemon.runRoot().resolve("runtime-steps"), Set.of());
            Set<String> sandboxes = Set.copyOf(column(connection, "SELECT id FROM sandbox WHERE state = 'ready'"));
            column(connection, "SELECT id FROM sandbox WHERE state NOT IN ('ready', 'notready')")
                    .forEach(id -> holdings.wrong.add("sandbox " + id + " is neither there nor gone"));
            holdings.expect("sandbox", daemon.runRoot().resolve("pods"), union(sandboxes, Set.of("pause")));
            holdings.networks(connection, union(running, sandboxes));
            holdings.mounts(running, sandboxes);
            boolean named = !column(
                            connection,
                            "SELECT endpoint.id FROM endpoint JOIN network ON network.id = network"
                                    + " WHERE network.name != 'bridge' AND driver = 'BRIDGE'")
                    .isEmpty();
            holdings.processes(union(running, sandboxes), named);
            holdings.controlGroups(union(running, sandboxes));
        } catch (SQLException failure) {
            throw new IOException(failure);
        }
        return holdings.wrong;
    }

    /** How many rows each table of things has, for comparing before and after; tables of history only ever grow. */
    static TreeMap<String, Long> rows(Daemon daemon) throws IOException {
        TreeMap<String, Long> rows = new TreeMap<>();
        try (Connection connection = connect(daemon)) {
            for (String table : tables(connection)) {
                if (!HISTORY.contains(table)) {
                    rows.put(
                            table,
                            Long.parseLong(column(connection, "SELECT count(*) FROM " + table)
                                    .getFirst()));
                }
            }
        } catch (SQLException failure) {
            throw new IOException(failure);
        }
        return rows;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        return column(
                connection,
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name");
    }

    static Connection connect(Daemon daemon) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:sqlite:file:" + daemon.root().resolve("wherry.db") + "?mode=ro&busy_timeout=10000");
    }

    private void database(Connection connection) throws SQLException {
        column(connection, "PRAGMA integrity_check").stream()
                .filter(line -> !line.equals("ok"))
                .forEach(line -> wrong.add("database: " + line));
        column(connection, "PRAGMA foreign_key_check").forEach(line -> wrong.add("foreign key of table " + line));
        tables(connection).stream()
                .filter(table -> !THINGS.contains(table) && !HISTORY.contains(table))
                .forEach(table -> wrong.add("nothing watches table " + table));
    }

    private void snapshots(Connection connection) throws SQLException, IOException {
        Path snapshots = daemon.root().resolve("snapshots");
        Set<String> rows = Set.copyOf(column(connection, "SELECT id FROM snapshot"));
        expect("snapshot folder", snapshots, rows);
        for (String id : rows) {
            if (!Files.isDirectory(snapshots.resolve(id).resolve("fs"))) {
                wrong.add("snapshot " + id + " has no folder");
            }
        }
        for (String id : column(connection, "SELECT id FROM snapshot WHERE state = 'committed'")) {
            if (Files.exists(snapshots.resolve(id).resolve("work"))) {
                wrong.add("committed snapshot " + id + " has a work folder");
            }
        }
        column(
                        connection,
                        "SELECT id FROM snapshot WHERE state = 'active' AND id NOT IN (SELECT snapshot FROM container)")
                .forEach(id -> wrong.add("active snapshot " + id + " belongs to no container"));
        column(connection, """
            WITH RECURSIVE held (id) AS (
                SELECT snapshot FROM image WHERE snapshot IS NOT NULL
                UNION SELECT snapshot FROM container UNION SELECT snapshot FROM cache_record
                UNION SELECT parent FROM snapshot JOIN held USING (id) WHERE parent IS NOT NULL)
            SELECT id FROM snapshot WHERE id NOT IN (SELECT id FROM held)\
            """).forEach(id -> wrong.add("nothing" + " holds" + " snapshot" + " " + id));
        column(connection, """
            SELECT 'cache record ' || key FROM cache_record LEFT JOIN snapshot s ON s.id = snapshot
                WHERE s.state IS NOT 'committed'
            UNION SELECT 'image ' || image.id FROM image LEFT JOIN snapshot s ON s.id = snapshot
                WHERE snapshot IS NOT NULL AND s.state IS NOT 'committed'
            UNION SELECT 'container ' || c.id FROM container c LEFT JOIN snapshot s ON s.id = snapshot
                WHERE s.state IS NOT 'active'\
            """).forEach(row -> wrong.add(row + " points at no fitting" + " snapshot"));
    }

    private void content(Connection connection) throws SQLException, IOException {
        Set<String> named =
                Set.copyOf(column(connection, "SELECT digest FROM image_blob UNION SELECT digest FROM manifest_blob"));
        column(
                        connection,
                        "SELECT digest FROM manifest_tree WHERE digest NOT IN"
                                + " (SELECT tree FROM reference WHERE tree IS NOT NULL)")
                .forEach(digest -> wrong.add("no reference points to the tree " + digest));
        column(connection, "SELECT digest FROM layer_blob WHERE digest NOT IN (SELECT digest FROM image_blob)")
                .forEach(digest -> wrong.add("no image keeps the compressed layer " + digest));
        Set<String> present = new HashSet<>();
        for (Path blob : entries(daemon.root().resolve("content/blobs/sha256"))) {
            String digest = "sha256:" + blob.getFileName();
            present.add(digest);
            if (!digest.equals(digest(blob))) {
                wrong.add("blob " + digest + " has other bytes");
            }
        }
        named.stream().filter(digest -> !present.contains(digest)).forEach(digest -> wrong.add("no blob " + digest));
    }

    /** Each cache mount is a folder, and each folder is a cache mount. */
    private void cacheMounts(Connection connection) throws SQLException, IOException {
        Path folder = daemon.root().resolve("cache-mounts");
        Set<String> rows = Set.copyOf(column(connection, "SELECT id FROM cache_mount"));
        expect("cache mount", folder, rows);
        for (String id : rows) {
            if (!Files.isDirectory(folder.resolve(id))) {
                wrong.add("cache mount " + id + " has no folder");
            }
        }
    }

    /** Each volume is a folder, each folder is a volume, and an anonymous one that goes with a container has it. */
    private void volumes(Connection connection) throws SQLException, IOException {
        Path folder = daemon.root().resolve("volumes");
        Set<String> rows = new HashSet<>(column(connection, "SELECT name FROM volume"));
        for (String name : rows) {
            if (!Files.isDirectory(folder.resolve(name).resolve("_data"))) {
                wrong.add("volume " + name + " has no folder");
            }
            expect("part of volume " + name, folder.resolve(name), Set.of("_data"));
        }
        // Where folders are made and removed; empty when nothing of that is going on.
        for (String passing : Set.of(".new", ".removed")) {
            rows.add(passing);
            expect("folder of a volume", folder.resolve(passing), Set.of());
        }
        expect("folder of a volume", folder, rows);
        column(
                        connection,
                        "SELECT name FROM volume WHERE container <> '' AND container NOT IN (SELECT id FROM container)")
                .forEach(name -> wrong.add("volume " + name + " goes with a container that is not there"));
    }

    /** What is listed as running has a process, and what is not has none. */
    private void containers(Connection connection) throws SQLException {
        for (String row : column(connection, "SELECT state || ' ' || pid || ' ' || id FROM container")) {
            String[] fields = row.split(" ");
            boolean alive = fields[0].equals("running") || fields[0].equals("paused");
            if (alive && !Files.exists(Path.of("/proc", fields[1]))) {
                wrong.add("container " + fields[2] + " is listed as " + fields[0] + " but has no process");
            }
        }
    }

    /** Endpoints, ports and namespaces are those of running containers. */
    private void networks(Connection connection, Set<String> running) throws SQLException, IOException {
        for (String table : List.of("endpoint", "published_port")) {
            column(connection, "SELECT DISTINCT owner FROM " + table).stream()
                    .filter(owner -> !running.contains(owner))
                    .forEach(owner -> wrong.add(table + " of " + owner));
        }
        column(connection, "SELECT id FROM endpoint WHERE changing = 1")
                .forEach(id -> wrong.add("endpoint " + id + " is neither there nor gone"));
        column(connection, "SELECT id FROM network WHERE removing = 1")
                .forEach(id -> wrong.add("network " + id + " is half removed"));
        expect("network namespace", daemon.runRoot().resolve("netns"), running);
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toSet());
    }

    private void mounts(Set<String> running, Set<String> sandboxes) throws IOException {
        Set<String> theirs = Stream.concat(
                        running.stream().flatMap(id -> Stream.of("containers/" + id + "/rootfs", "netns/" + id)),
                        sandboxes.stream()
                                .flatMap(id -> Stream.of(
                                        "netns/" + id,
                                        "pods/" + id + "/ipc",
                                        "pods/" + id + "/uts",
                                        "pods/" + id + "/pid",
                                        "pods/" + id + "/user",
                                        "pods/" + id + "/shm")))
                .map(path -> daemon.runRoot().resolve(path).toString())
                .collect(Collectors.toSet());
        Host.mounts(daemon.home()).stream()
                // A root may be a small disk of its own.
                .filter(mount ->
                        !theirs.contains(mount) && !mount.equals(daemon.root().toString()))
                .forEach(mount -> wrong.add("mount " + mount));
    }

    /**
     * Processes that name the daemon's folders: the daemon itself, the supervisors of running containers, the first
     * processes of pods, the name server while a network has names, and the monitor of the firewall, which is the daemon's
     * child to its end.
     */
    private void processes(Set<String> running, boolean named) {
        for (ProcessHandle process : Host.processes(daemon.home())) {
            String command = Host.commandLine(process.pid());
            boolean theirs = Stream.iterate(process, parent -> parent.parent().orElse(null))
                    .takeWhile(parent -> parent != null)
                    .anyMatch(parent -> running.stream().anyMatch(Host.commandLine(parent.pid())::contains));
            boolean server = named && command.contains("aardvark-dns");
            boolean itself = process.pid() == daemon.pid() || isMonitor(process, command);
            if (!theirs && !server && !itself && !command.isEmpty()) {
                wrong.add("process " + process.pid() + " " + command);
            }
        }
    }

    /** A monitor whose daemon has ended is none: it should have ended too. */
    private boolean isMonitor(ProcessHandle process, String command) {
        return command.contains(" monitor chains ")
                && Stream.iterate(process, parent -> parent.parent().orElse(null))
                        .takeWhile(parent -> parent != null)
                        .anyMatch(parent -> parent.pid() == daemon.pid());
    }

    private void controlGroups(Set<String> running) throws IOException {
        String name = tag(daemon);
        List<Path> hierarchies = Files.exists(CGROUPS.resolve("cgroup.procs")) ? List.of(CGROUPS) : entries(CGROUPS);
        for (Path hierarchy : hierarchies) {
            for (Path group : entries(hierarchy.resolve("wherry").resolve(name))) {
                if (Files.isDirectory(group)
                        && !running.contains(group.getFileName().toString())) {
                    wrong.add("control group " + group);
                }
            }
        }
    }

    /** What tells a daemon's things on the host from those of others: it follows from the run root. */
    static String tag(Daemon daemon) {
        return hex(sha256().digest(daemon.runRoot().toString().getBytes(StandardCharsets.UTF_8)))
                .substring(0, 8);
    }

    private void expect(String what, Path folder, Set<String> names) throws IOException {
        for (Path entry : entries(folder)) {
            if (!names.contains(entry.getFileName().toString())) {
                wrong.add(what + " " + entry);
            }
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    static List<String> column(Connection connection, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                values.add(row.getString(1));
            }
        }
        return values;
    }

    private static String digest(Path blob) throws IOException {
        MessageDigest hash = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(blob), hash)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return "sha256:" + hex(hash.digest());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
