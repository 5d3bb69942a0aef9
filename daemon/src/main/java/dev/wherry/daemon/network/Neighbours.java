package dev.wherry.daemon.network;

import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The networks of the first daemon and of those of namespaces are on one host, where their ranges must not overlap, also
 * while a bridge is not there or a daemon does not run. Each finds the ranges of the others in their databases, and they
 * choose new ones in turn.
 */
final class Neighbours {

    private static final Logger LOG = Logger.getLogger(Neighbours.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Layout layout;

    Neighbours(Layout layout) {
        this.layout = layout;
    }

    /** Runs a choice, and what stores it, while no other daemon chooses. The choice gets the ranges of the others. */
    <T> T choose(Function<Collection<Cidr>, T> choice) {
        Layout first = layout.first();
        if (!Files.isDirectory(first.namespaces())) {
            return choice.apply(List.of());
        }
        lock.lock();
        try (FileChannel turn = FileChannel.open(
                        first.namespaces().resolve(".networks.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock ours = turn.lock()) {
            return choice.apply(ranges(first));
        } catch (IOException failure) {
            throw StorageFailure.of("cannot lock the networks of the host", failure);
        } finally {
            lock.unlock();
        }
    }

    private List<Cidr> ranges(Layout first) throws IOException {
        List<Cidr> ranges = new ArrayList<>();
        for (Layout each : first.withNamespaces()) {
            if (!each.root().equals(layout.root()) && Files.exists(each.database())) {
                ranges.addAll(ranges(each.database()));
            }
        }
        return ranges;
    }

    private static List<Cidr> ranges(Path database) {
        SQLiteConfig reading = new SQLiteConfig();
        reading.setReadOnly(true);
        SQLiteDataSource source = new SQLiteDataSource(reading);
        source.setUrl("jdbc:sqlite:" + database);
        try (Connection connection = source.getConnection()) {
            NetworkTable table = new NetworkTable(connection);
            List<Cidr> ranges = new ArrayList<>(Networks.ranges(table.all()));
            ranges.addAll(Networks.ranges(table.beingRemoved()));
            return ranges;
        } catch (SQLException unreadable) {
            // Its daemon has not begun it, or not brought it up to date, and then has no bridges but those of the host.
            LOG.debugf("the networks in %s are not known: %s", database, unreadable.getMessage());
            return List.of();
        }
    }
}
