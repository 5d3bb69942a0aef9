package dev.wherry.daemon.metadata;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.ExhaustedException;
import io.agroal.api.AgroalDataSource;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The metadata database: SQLite in WAL mode with {@code synchronous=FULL}, so that a transaction that returned survives
 * a power failure. Any number of threads read at once; writers take turns. A change that spans several tables is one
 * call of {@link #write}, so that it happens whole or not at all. The schema is brought up to date when the database is
 * opened.
 */
@Singleton
public final class Database {

    /** What SQLite calls a full disk, which depends on the file that had to grow. */
    private static final Set<SQLiteErrorCode> NO_SPACE = EnumSet.of(
            SQLiteErrorCode.SQLITE_FULL, SQLiteErrorCode.SQLITE_IOERR_WRITE, SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);

    private static final Logger LOG = Logger.getLogger(Database.class);
    /** Some hundred pages of the log, which take about as much room as SQLite's own bound for it. */
    private static final int CHANGES_A_CHECKPOINT = 64;

    private static final int RESERVED_BYTES = 256 << 10;
    /** Where less is free, the rest of the daemon needs it to start, as for the libraries that it unpacks. */
    private static final long ROOM_TO_RESERVE = 4L * RESERVED_BYTES;

    private final DataSource source;
    private final ReentrantLock writing = new ReentrantLock();
    /** Since the log of the database was last written into it; guarded by the lock. */
    private int changes;
    /** Whether the last change found no space; guarded by the lock. */
    private boolean full;

    @Inject
    Database(AgroalDataSource source) {
        this((DataSource) source);
    }

    /** For callers that bring a data source of their own, such as tests. */
    public Database(DataSource source) {
        this.source = source;
        write(connection -> {
            Schema.migrate(connection);
            return null;
        });
        reserve();
    }

    /**
     * Makes room in the files of the database, in its log too, which later changes use first: on a full disk, containers
     * and images can still be removed, and the end of a container be recorded.
     */
    private void reserve() {
        try {
            if (read(Database::roomOnDisk) < ROOM_TO_RESERVE) {
                return;
            }
            writeRelaxed(connection ->
                    execute(connection, "CREATE TABLE reserve AS SELECT zeroblob(" + RESERVED_BYTES + ") AS bytes"));
            writeRelaxed(connection -> execute(connection, "DROP TABLE reserve"));
            checkpoint("RESTART");
            beginLog();
        } catch (ExhaustedException full) {
            // The daemon starts all the same, so that something can be removed.
        }
    }

    /** Work with a connection; it must not keep the connection. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Runs queries on one consistent state of the database. */
    public <T> T read(Work<T> work) {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try {
                return work.with(connection);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException failure) {
            throw translate(failure);
        }
    }

    /** Runs changes in one transaction that survives a power failure. */
    public <T> T write(Work<T> work) {
        return write(Durability.SYNCED, work);
    }

    /** Runs changes in one transaction that does not wait for the disk, as {@link Durability#RELAXED} says. */
    public <T> T writeRelaxed(Work<T> work) {
        return write(Durability.RELAXED, work);
    }

    /** Runs changes in one transaction: committed when the work returns, rolled back when it throws. */
    public <T> T write(Durability durability, Work<T> work) {
        writing.lock();
        try {
            T result = transactWithinReserve(durability, work);
            full = false;
            count();
            return result;
        } catch (ExhaustedException failure) {
            if (!full) {
                full = true;
                LOG.warn("no space left for the daemon's database: what changes is not recorded until there is some");
            }
            throw failure;
        } finally {
            writing.unlock();
        }
    }

    /**
     * Has the log of the database written into the database from time to time. SQLite would do so in the change that
     * fills the log, and let one of many commands wait for several syncs of the disk.
     */
    private void count() {
        if (++changes == CHANGES_A_CHECKPOINT) {
            changes = 0;
            Background.start("checkpoint", () -> {
                checkpoint("PASSIVE");
                beginLog();
            });
        }
    }

    /** The first change after a checkpoint begins the log anew, and waits for the disk even if it is a relaxed one. */
    private void beginLog() {
        writeRelaxed(connection -> {
            Schema.rewriteVersion(connection);
            return null;
        });
    }

    /** When the disk is full, the log of the database is written into the database, and is then used from its start. */
    private <T> T transactWithinReserve(Durability durability, Work<T> work) {
        try {
            return transactOnce(durability, work);
        } catch (ExhaustedException failure) {
            checkpoint("RESTART");
            return transactOnce(durability, work);
        }
    }

    /** @param mode of SQLite's checkpoint: RESTART waits for readers and changes, PASSIVE for nobody */
    private void checkpoint(String mode) {
        try (Connection connection = source.getConnection()) {
            pragma(connection, "wal_checkpoint(" + mode + ")");
        } catch (SQLException failure) {
            throw translate(failure);
        }
    }

    private <T> T transactOnce(Durability durability, Work<T> work) {
        try (Connection connection = source.getConnection()) {
            pragma(connection, "synchronous = " + durability.synchronous());
            connection.setAutoCommit(false);
            try {
                T result = work.with(connection);
                connection.commit();
                connection.setAutoCommit(true);
                return result;
            } catch (Throwable failure) {
                undo(connection, failure);
                throw failure;
            }
        } catch (SQLException failure) {
            throw translate(failure);
        }
    }

    /** When the disk is full SQLite has rolled back by itself, and refuses to do so again. */
    private static void undo(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException already) {
            failure.addSuppressed(already);
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException already) {
            failure.addSuppressed(already);
        }
    }

    private static void pragma(Connection connection, String pragma) throws SQLException {
        execute(connection, "PRAGMA " + pragma);
    }

    /** Bytes that are free where the database is. */
    private static long roomOnDisk(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet main = statement.executeQuery("SELECT file FROM pragma_database_list WHERE name = 'main'")) {
            String file = main.next() ? main.getString(1) : "";
            return file.isEmpty() ? Long.MAX_VALUE : Path.of(file).toFile().getUsableSpace();
        }
    }

    private static boolean execute(Connection connection, String command) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(command);
        }
    }

    private static RuntimeException translate(SQLException failure) {
        if (failure instanceof SQLiteException sqlite && NO_SPACE.contains(sqlite.getResultCode())) {
            return new ExhaustedException("no space left for the daemon's database: free some disk space", failure);
        }
        return new IllegalStateException("database: " + failure.getMessage(), failure);
    }
}
