package dev.wherry.daemon.runtime.conmon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.host.systemd.FakeSystemd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a systemd that knows which scopes there are. */
class ConmonScopesTest {

    private static final int SELF = (int) ProcessHandle.current().pid();

    @TempDir
    Path folder;

    private FakeSystemd systemd;

    @BeforeEach
    void begin() throws IOException {
        systemd = new FakeSystemd(folder);
    }

    @AfterEach
    void end() throws IOException {
        systemd.close();
    }

    private ConmonScopes scopes(long millisToLive) {
        return new ConmonScopes(Optional.of(systemd.bus()), id -> "test-" + id + ".scope", millisToLive);
    }

    @Test
    void whatLivesIsMovedAndASecondProcessOfAContainerJoinsTheFirst() throws Exception {
        try (ConmonScopes conmons = scopes(1)) {
            conmons.moveLater("a", SELF);
            assertThat(next()).isEqualTo("start test-a.scope");

            conmons.moveLater("a", SELF);

            assertThat(next()).isEqualTo("start test-a.scope refused");
            assertThat(next()).isEqualTo("attach test-a.scope");
        }
    }

    @Test
    void whatHasEndedIsLeftAndTheEndOfTheDaemonWaitsForNobody() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        ConmonScopes conmons = scopes(TimeUnit.HOURS.toMillis(1));
        conmons.moveLater("a", (int) ended.pid());
        conmons.moveLater("b", SELF);

        conmons.close();

        assertThat(systemd.requests).containsExactly("start test-b.scope");
    }

    @Test
    void describesWhatIsInAScope() {
        ConmonScopes conmons = scopes(TimeUnit.HOURS.toMillis(1));
        conmons.moveNow("a", SELF);
        conmons.movePauseLater("b", SELF);

        conmons.close();

        assertThat(systemd.descriptions)
                .containsExactly("Supervisor of container a of Wherry", "Pause process of pod b of Wherry");
    }

    @Test
    void movesAtOnceWhatWritesToTheJournal() {
        scopes(TimeUnit.HOURS.toMillis(1)).moveNow("a", SELF);

        assertThat(systemd.requests).containsExactly("start test-a.scope");
    }

    @Test
    void withoutSystemdNothingIsMoved() {
        try (ConmonScopes none = new ConmonScopes(Optional.empty(), id -> id)) {
            none.moveNow("a", SELF);
            none.moveLater("a", SELF);
            none.moveLeftOver(folder);
        }
        assertThat(systemd.requests).isEmpty();
    }

    @Test
    void findsTheGroupThatSystemdKeepsTheDaemonIn() {
        Path root = Path.of("/sys/fs/cgroup");
        assertThat(OwnCgroup.folder(List.of("0::/system.slice/wherry.service"), root))
                .contains(root.resolve("system.slice/wherry.service"));
        assertThat(OwnCgroup.folder(
                        List.of("4:memory:/a", "1:name=systemd:/system.slice/wherry.service", "0::/b"), root))
                .contains(root.resolve("systemd/system.slice/wherry.service"));
        assertThat(OwnCgroup.folder(List.of("0::/"), root)).isEmpty();
    }

    private String next() throws InterruptedException {
        return systemd.requests.poll(10, TimeUnit.SECONDS);
    }
}
