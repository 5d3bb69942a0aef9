package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.SpaceUse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The disk space of images at one moment. A layer that several images have is counted once. The sizes are those that were
 * recorded when the layers were made; no file is looked at.
 *
 * @param use of all images together; an image is in use while a container was created from it or mounts it
 * @param byImage what each image takes
 */
public record ImageSpace(SpaceUse use, Map<Digest, Share> byImage) {

    /**
     * What one image takes.
     *
     * @param shared bytes of layers that other images have too
     * @param unique bytes of layers that no other image has
     * @param containers how many containers use it
     */
    public record Share(long shared, long unique, int containers) {}

    public static ImageSpace measure(Database database) {
        return database.read(connection -> new Measurement(connection).take());
    }

    private static final class Measurement {

        private record Layer(long parent, long size) {}

        private final Connection connection;
        private final Map<Long, Layer> layers = new HashMap<>();
        private final Map<Digest, Long> tops = new LinkedHashMap<>();
        private final Map<Long, Integer> users = new HashMap<>();

        Measurement(Connection connection) {
            this.connection = connection;
        }

        ImageSpace take() throws SQLException {
            rows(
                    "SELECT id, coalesce(parent, 0), coalesce(size, 0) FROM snapshot",
                    row -> layers.put(row.getLong(1), new Layer(row.getLong(2), row.getLong(3))));
            rows(
                    "SELECT id, coalesce(snapshot, 0) FROM image",
                    row -> tops.put(Digest.parse(row.getString(1)), row.getLong(2)));
            Map<Digest, Integer> containers = new ImageTable(connection).containersByImage();
            Set<Long> inUse = new HashSet<>();
            tops.forEach((image, top) -> {
                boolean used = containers.containsKey(image);
                for (long layer : chain(top)) {
                    users.merge(layer, 1, Integer::sum);
                    if (used) {
                        inUse.add(layer);
                    }
                }
            });
            Map<Digest, Share> shares = new HashMap<>();
            tops.forEach((image, top) -> shares.put(image, share(top, containers.getOrDefault(image, 0))));
            return new ImageSpace(use(containers, inUse), shares);
        }

        private SpaceUse use(Map<Digest, Integer> containers, Set<Long> inUse) {
            long bytes = 0;
            long reclaimable = 0;
            for (long layer : users.keySet()) {
                long size = layers.get(layer).size();
                bytes += size;
                reclaimable += inUse.contains(layer) ? 0 : size;
            }
            int active =
                    (int) tops.keySet().stream().filter(containers::containsKey).count();
            return new SpaceUse(tops.size(), active, bytes, reclaimable);
        }

        private Share share(long top, int containers) {
            long shared = 0;
            long unique = 0;
            for (long layer : chain(top)) {
                long size = layers.get(layer).size();
                if (users.get(layer) > 1) {
                    shared += size;
                } else {
                    unique += size;
                }
            }
            return new Share(shared, unique, containers);
        }

        private List<Long> chain(long top) {
            List<Long> chain = new ArrayList<>();
            for (long at = top; at != 0; at = layers.get(at).parent()) {
                chain.add(at);
            }
            return chain;
        }

        private interface Reader {
            void read(ResultSet row) throws SQLException;
        }

        private void rows(String query, Reader reader) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                while (row.next()) {
                    reader.read(row);
                }
            }
        }
    }
}
