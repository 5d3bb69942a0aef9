package dev.wherry.daemon.metadata;

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
    private static final int RESERVED_BYTES = 256 << 10;
    /** Where less is free, the rest of the daemon needs it to start, as for the libraries that it unpacks. */
    private static final long ROOM_TO_RESERVE = 4L * RESERVED_BYTES;

    private final DataSource source;
    private final ReentrantLock writing = new ReentrantLock();
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
            checkpoint();
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

    /** Runs changes in one transaction: committed when the work returns, rolled back when it throws. */
    public <T> T write(Work<T> work) {
        return transact("FULL", work);
    }

    /**
     * As {@link #write}, without waiting for the disk: a power failure, but no crash of the daemon, may lose the change
     * and those after it. The next {@link #write} makes it durable too, so that nothing durable ever rests on what was
     * lost. For what can be done again, such as the steps of a build.
     */
    public <T> T writeRelaxed(Work<T> work) {
        return transact("NORMAL", work);
    }

    private <T> T transact(String synchronous, Work<T> work) {
        writing.lock();
        try {
            T result = transactWithinReserve(synchronous, work);
            full = false;
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

    /** When the disk is full, the log of the database is written into the database, and is then used from its start. */
    private <T> T transactWithinReserve(String synchronous, Work<T> work) {
        try {
            return transactOnce(synchronous, work);
        } catch (ExhaustedException failure) {
            checkpoint();
            return transactOnce(synchronous, work);
        }
    }

    private void checkpoint() {
        try (Connection connection = source.getConnection()) {
            pragma(connection, "wal_checkpoint(RESTART)");
        } catch (SQLException failure) {
            throw translate(failure);
        }
    }

    private <T> T transactOnce(String synchronous, Work<T> work) {
        try (Connection connection = source.getConnection()) {
            pragma(connection, "synchronous = " + synchronous);
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
