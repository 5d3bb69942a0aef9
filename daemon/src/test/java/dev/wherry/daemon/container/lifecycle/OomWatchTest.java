package dev.wherry.daemon.container.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.cgroup.CgroupDriver;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The counts are in ordinary files, which report changes as those of the kernel do. */
class OomWatchTest {

    private static final String ID = "c".repeat(64);

    @TempDir
    Path folder;

    private Layout layout;
    private Path counts;

    @BeforeEach
    void prepare() throws IOException {
        layout = new Layout(folder.resolve("root"), folder.resolve("run"));
        Files.createDirectories(mark().getParent());
        counts = Files.createDirectory(folder.resolve("scope")).resolve("memory.events");
        count(0);
    }

    private Path mark() {
        return ContainerLayout.of(layout, ID).oomMark();
    }

    private void count(int kills) throws IOException {
        Files.writeString(counts, "low 0\nhigh 0\nmax 7\noom 2\noom_kill " + kills + "\noom_group_kill 0\n");
    }

    private OomWatch watch() {
        OomWatch watch = new OomWatch(layout, new Cgroups(layout, CgroupDriver.SYSTEMD));
        watch.watch(ID, counts);
        return watch;
    }

    @Test
    void aKillWhileTheContainerRunsIsMarked() throws IOException {
        try (OomWatch _ = watch()) {
            assertThat(mark()).doesNotExist();
            count(1);
            await().until(() -> Files.exists(mark()));
        }
    }

    @Test
    void aKillBeforeTheWatchIsMarked() throws IOException {
        count(1);
        try (OomWatch _ = watch()) {
            assertThat(mark()).exists();
        }
    }

    @Test
    void aKillSoonAfterAnotherCountHasChangedIsMarked() throws IOException {
        try (OomWatch _ = watch()) {
            Files.writeString(counts, "max 8\noom 0\noom_kill 0\n");
            Files.writeString(counts, "max 8\noom 1\noom_kill 1\n");
            await().until(() -> Files.exists(mark()));
        }
    }

    @Test
    void aContainerThatHasEndedIsForgotten() throws IOException {
        try (OomWatch watch = watch()) {
            assertThat(openCounts()).isEqualTo(1);
            watch.forget(ID);
            assertThat(openCounts()).isZero();
        }
    }

    private long openCounts() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).toString().startsWith(counts.toString());
                        } catch (IOException closed) {
                            return false;
                        }
                    })
                    .count();
        }
    }
}
