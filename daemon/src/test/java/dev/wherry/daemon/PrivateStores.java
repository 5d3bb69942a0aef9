package dev.wherry.daemon;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A database and a content store under a folder of their own. */
public final class PrivateStores {

    public final Layout layout;
    public final Leases leases = new Leases();
    public final Database database;
    public final ContentStore content;

    public PrivateStores(Path folder) {
        layout = new Layout(folder.resolve("root"), folder.resolve("run"));
        try {
            Files.createDirectories(layout.root());
            Files.createDirectories(layout.runRoot());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + layout.database());
        database = new Database(source);
        content = new ContentStore(database, layout, leases);
        content.recover();
    }

    /** Runs one statement, for tests that prepare rows of other packages. */
    public void execute(String sql) {
        database.write(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.executeUpdate(sql);
            }
        });
    }
}
