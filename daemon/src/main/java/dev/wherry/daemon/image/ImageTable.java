package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.metadata.Rows;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tables {@code image}, {@code reference} and {@code image_blob}, within one transaction. */
final class ImageTable {

    private static final String IMAGE = "SELECT image.id, image.manifest, snapshot, size, created_at FROM image ";

    private static final Pattern ID = Pattern.compile("sha256:[0-9a-f]{64}");

    private final Connection connection;

    ImageTable(Connection connection) {
        this.connection = connection;
    }

    /** An image without its config; {@code created} in nanoseconds. */
    record Row(Digest id, Digest manifest, Optional<SnapshotId> snapshot, long size, long created) {}

    /** A container that was created from an image. */
    record User(String container, String state) {

        boolean isRunning() {
            return !state.equals("created") && !state.equals("exited") && !state.equals("dead");
        }

        String shortId() {
            return container.substring(0, Math.min(12, container.length()));
        }
    }

    Optional<Row> byId(Digest id) throws SQLException {
        return rows(IMAGE + "WHERE id = ?", id.toString()).stream().findFirst();
    }

    /** The images whose ID begins so; a few of them when they are many. */
    List<Row> byPrefix(String hex) throws SQLException {
        return rows(IMAGE + "WHERE id >= ?1 AND id < ?1 || 'g' LIMIT 10", "sha256:" + hex);
    }

    /** The images that references name, and those that no tree has: the other images of a tree are shown with it. */
    List<Row> newestFirst() throws SQLException {
        return rows(IMAGE + "WHERE id IN (SELECT image FROM reference)"
                + " OR id NOT IN (SELECT image FROM manifest_part WHERE image IS NOT NULL)"
                + " ORDER BY created_at DESC, stored_at DESC, id");
    }

    /** The images of a tree. */
    List<Row> ofTree(Digest tree) throws SQLException {
        return rows(IMAGE + "JOIN manifest_part ON manifest_part.image = image.id WHERE tree = ?", tree.toString());
    }

    Optional<Row> byName(Reference reference) throws SQLException {
        return rows(IMAGE + "JOIN reference ON reference.image = image.id WHERE name = ?", reference.toString())
                .stream()
                .findFirst();
    }

    /** The references of a repository that were pulled by this digest. */
    List<Reference> pulledBy(String repositoryName, Digest digest) throws SQLException {
        return query("SELECT name FROM reference WHERE digest = ?", row -> Reference.parse(row.getString(1)), digest)
                .stream()
                .filter(reference -> reference.name().equals(repositoryName))
                .toList();
    }

    /** References whose repositories had a blob when an image was pulled from or pushed to them. */
    List<Reference> registered(Digest blob) throws SQLException {
        return query(
                "SELECT reference.name FROM reference JOIN image_blob ON image_blob.image = reference.image"
                        + " WHERE image_blob.digest = ? AND reference.digest IS NOT NULL ORDER BY reference.name",
                row -> Reference.parse(row.getString(1)),
                blob);
    }

    /** Records what a reference points to in its registry. */
    void registered(Reference reference, Digest digest) throws SQLException {
        update("UPDATE reference SET digest = ? WHERE name = ?", digest, reference);
    }

    /** References that may be of a repository; some are of others whose names begin so. */
    List<Reference> named(String repositoryName) throws SQLException {
        return query(
                "SELECT name FROM reference WHERE name >= ?1 AND name < ?1 || '~'",
                row -> Reference.parse(row.getString(1)),
                repositoryName);
    }

    /** The references that stand for this image; those of a tree stand for the one that runs best on this host. */
    List<ImageName> names(Digest image) throws SQLException {
        return query("SELECT name, digest FROM reference WHERE image = ? ORDER BY name", ImageTable::name, image);
    }

    /** The names of all images; those that have none are absent. */
    Map<Digest, List<ImageName>> names() throws SQLException {
        record Named(Digest image, ImageName name) {}
        return query(
                        "SELECT name, digest, image FROM reference ORDER BY name",
                        row -> new Named(Digest.parse(row.getString(3)), name(row)))
                .stream()
                .collect(Collectors.groupingBy(Named::image, Collectors.mapping(Named::name, Collectors.toList())));
    }

    private static ImageName name(ResultSet reference) throws SQLException {
        return new ImageName(
                Reference.parse(reference.getString(1)),
                Optional.ofNullable(reference.getString(2)).map(Digest::parse));
    }

    /** Containers that were created from an image, or mount it: their settings hold its ID. */
    List<User> users(Digest image) throws SQLException {
        return query(
                "SELECT id, state FROM container WHERE image = ? OR instr(config, ?) > 0 ORDER BY created_at",
                row -> new User(row.getString(1), row.getString(2)),
                image,
                image);
    }

    /** How many containers were created from each image, or mount it; images without one are absent. */
    Map<Digest, Integer> containersByImage() throws SQLException {
        Map<Digest, Integer> counts = new HashMap<>();
        for (Set<Digest> images : Rows.query(connection, ImageTable::named, "SELECT image, config FROM container")) {
            images.forEach(image -> counts.merge(image, 1, Integer::sum));
        }
        return counts;
    }

    private static Set<Digest> named(ResultSet container) throws SQLException {
        Set<Digest> images = new HashSet<>(Set.of(Digest.parse(container.getString(1))));
        ID.matcher(container.getString(2)).results().forEach(found -> images.add(Digest.parse(found.group())));
        return images;
    }

    void insert(Row row, long storedAt, Collection<Digest> blobs) throws SQLException {
        update(
                "INSERT INTO image (id, manifest, snapshot, size, created_at, stored_at) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO NOTHING",
                row.id,
                row.manifest,
                row.snapshot.map(SnapshotId::value).orElse(null),
                row.size,
                row.created,
                storedAt);
        for (Digest blob : blobs) {
            update("INSERT OR IGNORE INTO image_blob (image, digest) VALUES (?, ?)", row.id, blob);
        }
    }

    /**
     * Lets the reference name an image.
     *
     * @param digest what it points to in its registry
     * @param tree what it points to here; empty for the image's own manifest
     */
    void point(Reference reference, Digest image, Optional<Digest> digest, Optional<Digest> tree) throws SQLException {
        update(
                "INSERT INTO reference (name, image, digest, tree) VALUES (?, ?, ?, ?) ON CONFLICT (name)"
                        + " DO UPDATE SET image = excluded.image, digest = excluded.digest, tree = excluded.tree",
                reference,
                image,
                digest.orElse(null),
                tree.orElse(null));
    }

    void unname(Reference reference) throws SQLException {
        update("DELETE FROM reference WHERE name = ?", reference);
    }

    /** Deletes the row of an image; returns the blobs that it held. */
    List<Digest> delete(Digest image) throws SQLException {
        update(
                "DELETE FROM layer_blob WHERE digest IN (SELECT digest FROM image_blob WHERE image = ?1) AND digest"
                        + " NOT IN (SELECT digest FROM image_blob WHERE image <> ?1 AND digest = layer_blob.digest)",
                image);
        List<Digest> held = query(
                "DELETE FROM image_blob WHERE image = ? RETURNING digest",
                row -> Digest.parse(row.getString(1)),
                image);
        update("DELETE FROM image WHERE id = ?", image);
        return held;
    }

    /** The layers of all images, and the bytes of their files. */
    Map<SnapshotId, Long> layers() throws SQLException {
        Map<SnapshotId, Long> sizes = new HashMap<>();
        query(
                "WITH RECURSIVE layer (id) AS (SELECT snapshot FROM image WHERE snapshot IS NOT NULL"
                        + " UNION SELECT parent FROM snapshot JOIN layer USING (id) WHERE parent IS NOT NULL)"
                        + " SELECT id, coalesce(size, 0) FROM snapshot JOIN layer USING (id)",
                row -> sizes.put(new SnapshotId(row.getLong(1)), row.getLong(2)));
        return sizes;
    }

    private List<Row> rows(String sql, Object... arguments) throws SQLException {
        return query(
                sql,
                row -> {
                    long number = row.getLong(3);
                    Optional<SnapshotId> snapshot =
                            row.wasNull() ? Optional.empty() : Optional.of(new SnapshotId(number));
                    return new Row(
                            Digest.parse(row.getString(1)),
                            Digest.parse(row.getString(2)),
                            snapshot,
                            row.getLong(4),
                            row.getLong(5));
                },
                arguments);
    }

    private <T> List<T> query(String sql, Rows.Reader<T> reader, Object... arguments) throws SQLException {
        return Rows.query(connection, reader, sql, columns(arguments));
    }

    private void update(String sql, Object... arguments) throws SQLException {
        Rows.execute(connection, sql, columns(arguments));
    }

    /** Digests and references stand in columns as they are written. */
    private static Object[] columns(Object... arguments) {
        return Arrays.stream(arguments)
                .map(argument -> argument == null || argument instanceof Number ? argument : argument.toString())
                .toArray();
    }
}
