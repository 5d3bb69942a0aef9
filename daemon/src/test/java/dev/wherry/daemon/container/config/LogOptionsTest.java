package dev.wherry.daemon.container.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.container.log.LogFiles;
import dev.wherry.daemon.error.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogOptionsTest {

    @Test
    void optionsOfTheDefaultDriverHoldForContainersThatUseIt() {
        LogConfig standard = new LogConfig("local", Map.of("max-size", "1m", "max-file", "2"));

        assertThat(new LogConfig("", Map.of()).completedBy(standard)).isEqualTo(standard);
        assertThat(new LogConfig("local", Map.of("max-file", "9")).completedBy(standard))
                .isEqualTo(new LogConfig("local", Map.of("max-size", "1m", "max-file", "9")));
        assertThat(new LogConfig("journald", Map.of()).completedBy(standard))
                .isEqualTo(new LogConfig("journald", Map.of()));
    }

    @TempDir
    Path folder;

    private static LogOptions options(String driver, String... given) {
        Map<String, String> map = new java.util.HashMap<>();
        for (int i = 0; i < given.length; i += 2) {
            map.put(given[i], given[i + 1]);
        }
        return LogOptions.of(new LogConfig(driver, map));
    }

    private static void assertRefused(String message, String driver, String... given) {
        assertThatThrownBy(() -> options(driver, given))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void sizesAreOf1024() {
        assertThat(options("json-file", "max-size", "10m").maxBytes()).isEqualTo(10 << 20);
        assertThat(options("json-file", "max-size", "64K").maxBytes()).isEqualTo(64 << 10);
        assertThat(options("json-file", "max-size", "-1").maxBytes()).isZero();
        assertThat(options("json-file", "max-size", "999999999999999t").maxBytes())
                .isEqualTo(1L << 50);
    }

    @Test
    void filesAreBoundedByDefaultAndUnboundedWhereAskedFor() {
        for (String driver : new String[] {"json-file", "local"}) {
            assertThat(options(driver).maxBytes()).isEqualTo(20 << 20);
            assertThat(options(driver).maxFiles()).isEqualTo(5);
            assertThat(options(driver, "max-size", "-1").maxBytes()).isZero();
        }
        assertThat(options("json-file").arguments(Path.of("/l"), "t"))
                .containsExactly("-l", "k8s-file:/l", "--log-size-max", Integer.toString(100 << 20));
    }

    @Test
    void whatIsUnknownIsRefused() {
        assertRefused("unknown log opt 'foo' for json-file log driver", "json-file", "foo", "1");
        assertRefused("unknown log opt 'max-size' for journald log driver", "journald", "max-size", "1m");
        assertRefused("no log driver named 'foo' is registered", "foo");
        assertRefused("max-size", "json-file", "max-size", "x");
        assertRefused("max-size", "json-file", "max-size", "0");
        assertRefused("max-file", "local", "max-file", "0");
        assertRefused("{{.Foo}} is unknown", "json-file", "tag", "{{.Foo}}");
        assertRefused("no regular expression", "json-file", "env-regex", "(");
    }

    @Test
    void conmonKeepsTheBoundByItself() {
        assertThat(options("json-file", "max-size", "10m", "max-file", "3").arguments(Path.of("/l"), "t"))
                .containsExactly("-l", "k8s-file:/l", "--log-size-max", Integer.toString(30 << 20));
        assertThat(options("none").arguments(Path.of("/l"), "t")).containsExactly("-l", "none");
    }

    @Test
    void theOldestFilesGoWhenOneIsPutAside() throws Exception {
        LogFiles files = new LogFiles(folder);
        Path control = Files.createFile(folder.resolve("control"));
        LogOptions options = options("json-file", "max-size", "1k", "max-file", "3");
        for (int i = 0; i < 5; i++) {
            Files.writeString(files.current(), "file " + i);
            files.rotate(control, options);
        }
        assertThat(folder.resolve("log.3")).doesNotExist();
        assertThat(folder.resolve("log.4")).hasContent("file 3");
        assertThat(folder.resolve("log.5")).hasContent("file 4");
        assertThat(control).content().startsWith("2 0 0\n");
    }

    @Test
    void filesThatOutgrewTheirSizeCountForMore() throws Exception {
        LogFiles files = new LogFiles(folder);
        Path control = Files.createFile(folder.resolve("control"));
        LogOptions options = options("json-file", "max-size", "10", "max-file", "3");
        Files.writeString(files.current(), "a".repeat(25));
        files.rotate(control, options);
        Files.writeString(files.current(), "b".repeat(25));
        files.rotate(control, options);
        assertThat(folder.resolve("log.1")).doesNotExist();
        assertThat(folder.resolve("log.2")).exists();
    }
}
