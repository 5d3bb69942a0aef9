package dev.wherry.daemon.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Freezes processes of this host, in a control group of their own. */
class FreezerTest {

    private static final int PROGRAMS = 4;
    private static final int ROUNDS = 60;

    /** Children with threads that exec: as they do, each waits for the end of its other threads. */
    private static final String EXECUTE = """
            import os, threading, time
            while True:
                child = os.fork()
                if child == 0:
                    for _ in range(4):
                        threading.Thread(target=time.sleep, args=(60,)).start()
                    os.execv("/bin/true", ["true"])
                os.waitpid(child, 0)
            """;

    private final List<Process> programs = new ArrayList<>();
    private Path group;

    @BeforeEach
    void makeGroup() throws IOException {
        Path root = Path.of("/sys/fs/cgroup");
        Path freezer = root.resolve("freezer");
        group = Files.createDirectory((Files.exists(freezer) ? freezer : root)
                .resolve("wherry-test-" + ProcessHandle.current().pid()));
    }

    @AfterEach
    void removeGroup() throws Exception {
        freezer().thaw();
        for (Process program : programs) {
            program.destroyForcibly().waitFor();
        }
        // A child of a program that was killed ends by itself.
        while (!Files.readString(group.resolve("cgroup.procs")).isEmpty()) {
            Thread.sleep(1);
        }
        Files.delete(group);
    }

    private Freezer freezerOf(String python) throws IOException {
        for (int i = 0; i < PROGRAMS; i++) {
            programs.add(new ProcessBuilder(
                            "sh", "-c", "echo $$ > $0/cgroup.procs; exec python3 -c \"$1\"", group.toString(), python)
                    .inheritIO()
                    .start());
        }
        return freezer();
    }

    private Freezer freezer() {
        return Freezer.ofGroup(group.getFileName().toString()).orElseThrow();
    }

    @Test
    void programsThatExecuteOthersAreFrozen() throws Exception {
        Freezer freezer = freezerOf(EXECUTE);

        for (int i = 0; i < ROUNDS; i++) {
            freezer.freeze();
            assertThat(freezer.isFrozen()).isTrue();
            freezer.thaw();
            assertThat(freezer.isFrozen()).isFalse();
            Thread.sleep(3);
        }
    }
}
