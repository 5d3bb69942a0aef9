package dev.wherry.daemon.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of the database as the daemon opens it. */
@QuarkusTest
class SettingsTest {

    @Inject
    Database database;

    private String pragma(String name) {
        return database.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("PRAGMA " + name)) {
                return row.next() ? row.getString(1) : "";
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"foreign_keys, 1", "journal_mode, wal", "synchronous, 2", "busy_timeout, 10000"})
    void connectionsOfTheDaemonHaveIt(String name, String value) {
        assertThat(pragma(name)).isEqualTo(value);
    }
}
