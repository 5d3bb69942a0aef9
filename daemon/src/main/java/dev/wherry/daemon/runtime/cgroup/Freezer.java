package dev.wherry.daemon.runtime.cgroup;

import dev.wherry.daemon.error.HostException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The kernel's freezer, through which a control group's processes stop being scheduled: {@code freezer.state} of version
 * 1, {@code cgroup.freeze} of version 2. A group is found by a process in it, wherever the runtime has put that.
 */
public final class Freezer {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final String V1 = "freezer.state";
    private static final String V2 = "cgroup.freeze";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long SHORTEST_TRY = 20;
    private static final long LONGEST_TRY = 1000;
    private static final long LONGEST_PAUSE = 20;
    private static final long BREATH = 10;

    private final Path group;

    private Freezer(Path group) {
        this.group = group;
    }

    /** The freezer of the group that a process is in; empty when the process is gone or the host has no freezer. */
    public static Optional<Freezer> ofProcess(int pid) {
        try {
            Optional<Freezer> unified = Optional.empty();
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"), StandardCharsets.UTF_8)) {
                String[] fields = line.split(":", 3);
                if (fields[1].equals("freezer")) {
                    return of(ROOT.resolve("freezer").resolve(relative(fields[2])), V1);
                }
                if (fields[1].isEmpty()) {
                    Path root = Files.exists(ROOT.resolve("cgroup.procs")) ? ROOT : ROOT.resolve("unified");
                    unified = of(root.resolve(relative(fields[2])), V2);
                }
            }
            return unified;
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** The freezer of a group by its path, as the runtime spec's {@code cgroupsPath}; empty when there is none. */
    public static Optional<Freezer> ofGroup(String path) {
        return of(ROOT.resolve("freezer").resolve(relative(path)), V1)
                .or(() -> of(ROOT.resolve(relative(path)), V2))
                .or(() -> of(ROOT.resolve("unified").resolve(relative(path)), V2));
    }

    private static String relative(String path) {
        return path.replaceFirst("^/+", "");
    }

    private static Optional<Freezer> of(Path group, String file) {
        return Files.exists(group.resolve(file)) ? Optional.of(new Freezer(group)) : Optional.empty();
    }

    private boolean isVersion1() {
        return Files.exists(group.resolve(V1));
    }

    /** Whether the group was told to be frozen. */
    public boolean isFrozen() {
        try {
            return isVersion1()
                    ? !Files.readString(group.resolve(V1)).startsWith("THAWED")
                    : Files.readString(group.resolve(V2)).startsWith("1");
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * Returns when nothing in the group runs any more.
     *
     * @throws HostException when that takes too long; the group is then thawed again
     */
    public void freeze() throws InterruptedException {
        boolean frozen = false;
        try {
            tell(true);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (long millis = SHORTEST_TRY;
                    !isAllFrozenWithin(millis);
                    millis = Math.min(LONGEST_TRY, millis * 3 / 2)) {
                if (System.nanoTime() > deadline) {
                    throw new HostException("the kernel does not freeze the processes of the container within "
                            + PATIENCE.toSeconds() + " s");
                }
                if (isVersion1()) {
                    // A process that executes another program waits for its other threads to end, and is not frozen
                    // while it waits. With version 1 a thread that is frozen does not end: both must be thawed once.
                    tell(false);
                    Thread.sleep(BREATH);
                    tell(true);
                }
            }
            frozen = true;
        } catch (IOException failure) {
            throw new HostException("cannot freeze the container: " + failure.getMessage(), failure);
        } finally {
            if (!frozen) {
                thaw();
            }
        }
    }

    private boolean isAllFrozenWithin(long millis) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        for (long pause = 1; !isAllFrozen(); pause = Math.min(LONGEST_PAUSE, pause * 2)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(pause);
            if (isVersion1()) {
                // A process that was just being made can slip through; telling again catches it.
                tell(true);
            }
        }
        return true;
    }

    /** Lets the group go on. */
    public void thaw() {
        try {
            tell(false);
        } catch (IOException failure) {
            if (Files.exists(group)) {
                throw new HostException("cannot thaw the container: " + failure.getMessage(), failure);
            }
        }
    }

    private void tell(boolean freeze) throws IOException {
        if (isVersion1()) {
            Files.writeString(group.resolve(V1), freeze ? "FROZEN" : "THAWED");
        } else {
            Files.writeString(group.resolve(V2), freeze ? "1" : "0");
        }
    }

    private boolean isAllFrozen() throws IOException {
        return isVersion1()
                ? Files.readString(group.resolve(V1)).startsWith("FROZEN")
                : Files.readString(group.resolve("cgroup.events")).contains("frozen 1");
    }
}
