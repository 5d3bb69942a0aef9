package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.metadata.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The tables {@code manifest_tree}, {@code manifest_part} and {@code manifest_blob}, within one transaction. */
final class ManifestTreeTable {

    private final Connection connection;

    ManifestTreeTable(Connection connection) {
        this.connection = connection;
    }

    /** A manifest of a tree that is here. */
    record Part(Digest manifest, Optional<Digest> image) {}

    /** Stores a tree, or adds parts to it. */
    void insert(TreeDraft tree) throws SQLException {
        String root = tree.root().digest().toString();
        Rows.execute(
                connection,
                "INSERT OR IGNORE INTO manifest_tree (digest, media_type) VALUES (?, ?)",
                root,
                tree.root().mediaType());
        hold(root, root, root);
        for (TreeDraft.Part part : tree.parts()) {
            String manifest = part.manifest().toString();
            Rows.execute(
                    connection,
                    "INSERT OR IGNORE INTO manifest_part (tree, manifest, image) VALUES (?, ?, ?)",
                    root,
                    manifest,
                    part.image().map(image -> image.id().toString()).orElse(null));
            for (Digest blob : part.blobs()) {
                hold(root, manifest, blob.toString());
            }
        }
    }

    private void hold(String tree, String manifest, String blob) throws SQLException {
        Rows.execute(
                connection,
                "INSERT OR IGNORE INTO manifest_blob (tree, manifest, digest) VALUES (?, ?, ?)",
                tree,
                manifest,
                blob);
    }

    /** The tree that a reference points to. */
    Optional<Digest> of(Reference reference) throws SQLException {
        return one("SELECT tree FROM reference WHERE name = ? AND tree IS NOT NULL", reference);
    }

    /** The tree of one of the references that stand for an image. */
    Optional<Digest> ofImage(Digest image) throws SQLException {
        return one("SELECT tree FROM reference WHERE image = ? AND tree IS NOT NULL ORDER BY name LIMIT 1", image);
    }

    private Optional<Digest> one(String sql, Object parameter) throws SQLException {
        return Rows.query(connection, row -> Digest.parse(row.getString(1)), sql, parameter.toString()).stream()
                .findFirst();
    }

    Optional<String> mediaType(Digest tree) throws SQLException {
        return Rows.query(
                        connection,
                        row -> row.getString(1),
                        "SELECT media_type FROM manifest_tree WHERE digest = ?",
                        tree.toString())
                .stream()
                .findFirst();
    }

    List<Part> parts(Digest tree) throws SQLException {
        return Rows.query(
                connection,
                row -> new Part(
                        Digest.parse(row.getString(1)),
                        Optional.ofNullable(row.getString(2)).map(Digest::parse)),
                "SELECT manifest, image FROM manifest_part WHERE tree = ?",
                tree.toString());
    }

    /** The references that point to a tree. */
    List<Reference> references(Digest tree) throws SQLException {
        return Rows.query(
                connection,
                row -> Reference.parse(row.getString(1)),
                "SELECT name FROM reference WHERE tree = ? ORDER BY name",
                tree.toString());
    }

    /** Lets the references of a tree stand for one of its images. */
    void represent(Digest tree, Digest image) throws SQLException {
        Rows.execute(connection, "UPDATE reference SET image = ? WHERE tree = ?", image.toString(), tree.toString());
    }

    /**
     * Takes an image out of one tree.
     *
     * @return the blobs that it held there
     */
    List<Digest> remove(Digest tree, Digest image) throws SQLException {
        String ofImage = " WHERE tree = ?1 AND manifest IN"
                + " (SELECT manifest FROM manifest_part WHERE tree = ?1 AND image = ?2)";
        List<Digest> held = digests("DELETE FROM manifest_blob" + ofImage + " RETURNING digest", tree, image);
        Rows.execute(connection, "DELETE FROM manifest_part" + ofImage, tree.toString(), image.toString());
        return held;
    }

    /** Whether an image is part of any tree. */
    boolean has(Digest image) throws SQLException {
        return one("SELECT tree FROM manifest_part WHERE image = ? LIMIT 1", image)
                .isPresent();
    }

    /** The trees that an image is part of. */
    List<Digest> having(Digest image) throws SQLException {
        return digests("SELECT DISTINCT tree FROM manifest_part WHERE image = ?", image);
    }

    /**
     * Drops the trees that no reference points to any more; their images stay, without a name.
     *
     * @return the blobs that they held
     */
    Set<Digest> dropUnreferenced() throws SQLException {
        List<Digest> unreferenced = digests("SELECT digest FROM manifest_tree WHERE NOT EXISTS"
                + " (SELECT 1 FROM reference WHERE reference.tree = manifest_tree.digest)");
        Set<Digest> held = new HashSet<>();
        for (Digest tree : unreferenced) {
            held.addAll(digests("DELETE FROM manifest_blob WHERE tree = ? RETURNING digest", tree));
            Rows.execute(connection, "DELETE FROM manifest_part WHERE tree = ?", tree.toString());
            Rows.execute(connection, "DELETE FROM manifest_tree WHERE digest = ?", tree.toString());
        }
        return held;
    }

    private List<Digest> digests(String sql, Digest... parameters) throws SQLException {
        Object[] columns = Stream.of(parameters).map(Digest::toString).toArray();
        return Rows.query(connection, row -> Digest.parse(row.getString(1)), sql, columns);
    }
}
