package dev.wherry.daemon.pod;

import dev.wherry.daemon.container.SandboxFiles;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.NetworkNamespace;
import dev.wherry.daemon.linux.Pidfd;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.linux.Spawn;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.conmon.ConmonScopes;
import jakarta.inject.Singleton;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The one process that a sandbox may have: the first in a PID namespace that containers of the pod share. It is started
 * with a pod whose containers are to share their processes, or for the first container that wants it, and needs neither an image nor the OCI runtime, which would take as long as for a
 * container: see {@link PauseProgram}.
 */
@Singleton
final class PauseProcess {

    private static final int POLLS_FOR_END = 1000;

    private final Layout layout;
    private final ConmonScopes scopes;
    private final MappedNamespaces mapped;
    private final Map<String, Watch> watches = new ConcurrentHashMap<>();

    PauseProcess(Layout layout, ConmonScopes scopes, MappedNamespaces mapped) {
        this.mapped = mapped;
        this.layout = layout;
        this.scopes = scopes;
    }

    /** A process that may have ended: its ID may be that of another one then. */
    private record Noted(int pid, long startTime) {

        boolean isAlive() {
            return !Processes.hasEnded(pid, startTime);
        }
    }

    /** What was noted of a sandbox, and the process itself unless it has ended: a list of pods asks for that of each. */
    private record Watch(Optional<Noted> noted, Optional<Pidfd.Held> process) {

        boolean isAlive() {
            return process.filter(Pidfd.Held::isAlive).isPresent();
        }
    }

    private Path noted(String id) {
        return SandboxFiles.of(layout, id).folder().resolve("pause.pid");
    }

    private Path root(String id) {
        return SandboxFiles.of(layout, id).folder().resolve("root");
    }

    /** Starts it, unless it runs. The caller lets no two of these calls for one sandbox run at once. */
    void start(Pod sandbox) {
        String id = sandbox.id();
        if (isAlive(id)) {
            return;
        }
        try {
            // One that was killed leaves a namespace in which nothing can run any more.
            remove(id);
            Files.createDirectory(root(id));
            Path program = PauseProgram.write(layout.sandboxes().resolve("pause"));
            try (Spawn.Child child = spawn(sandbox, program)) {
                keep(id, child);
            }
        } catch (IOException failure) {
            String said = MappedNamespaces.complaints(SandboxFiles.of(layout, id));
            throw new HostException(
                    "cannot make a PID namespace for " + sandbox.config().title() + ": "
                            + (said.isEmpty() ? failure.getMessage() : said),
                    failure);
        }
    }

    /** Until it is told to stay it ends with this daemon. */
    private void keep(String id, Spawn.Child child) throws IOException {
        int pid;
        try (DataInputStream report = new DataInputStream(child.report(0))) {
            pid = Integer.reverseBytes(report.readInt());
        }
        int step = child.report(1).read();
        if (step != 0) {
            throw new IOException("the pause process failed at its step " + step);
        }
        long started = Processes.startTime(pid).orElseThrow(() -> new IOException("the pause process ended at once"));
        Files.writeString(noted(id), pid + " " + started);
        forget(id);
        NetworkNamespace.pin(
                Path.of("/proc", Integer.toString(pid), "ns", "pid"),
                SandboxFiles.of(layout, id).namespace("pid"));
        child.order(0).write(0);
        scopes.movePauseLater(id, pid);
    }

    private Spawn.Child spawn(Pod sandbox, Path program) throws IOException {
        SandboxFiles files = SandboxFiles.of(layout, sandbox.id());
        List<String> names = sandbox.config().hasNetwork() ? List.of("uts", "ipc", "net") : List.of("uts", "ipc");
        return sandbox.config().users() == null
                ? NetworkNamespace.start(
                        names.stream().map(files::namespace).toList(), program, root(sandbox.id()), 2, 1)
                : mapped.start(files, names, program, root(sandbox.id()), 2, 1);
    }

    private Optional<Noted> find(String id) {
        try {
            String[] parts = Files.readString(noted(id)).strip().split(" ");
            return parts.length == 2
                    ? Optional.of(new Noted(Integer.parseInt(parts[0]), Long.parseLong(parts[1])))
                    : Optional.empty();
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private Watch watch(String id) {
        return watches.computeIfAbsent(id, _ -> {
            Optional<Noted> noted = find(id);
            try {
                return new Watch(
                        noted,
                        noted.isPresent()
                                ? Pidfd.hold(noted.get().pid(), noted.get().startTime())
                                : Optional.empty());
            } catch (SystemCallException failure) {
                throw new HostException("cannot find the first process of a pod: " + failure.getMessage(), failure);
            }
        });
    }

    /** Whether it runs. */
    boolean isAlive(String id) {
        return watch(id).isAlive();
    }

    /** Whether the sandbox has had one. */
    boolean isExpected(String id) {
        return watch(id).noted().isPresent();
    }

    /** What is there is looked at anew, if anybody asks. */
    void forget(String id) {
        Optional.ofNullable(watches.remove(id)).flatMap(Watch::process).ifPresent(Pidfd.Held::close);
    }

    /** That of an earlier daemon may still be in the control group of its service. */
    void recovered(String id) {
        find(id).ifPresent(process -> scopes.movePauseLater(id, process.pid()));
    }

    /** Kills it, and removes what there is of it; nothing there is fine. */
    void remove(String id) throws IOException {
        Optional<Noted> process = find(id);
        if (process.isPresent()
                && Pidfd.signal(process.get().pid(), process.get().startTime(), Processes.SIGKILL)) {
            awaitEnd(process.get());
        }
        NetworkNamespace.remove(SandboxFiles.of(layout, id).namespace("pid"));
        Files.deleteIfExists(noted(id));
        forget(id);
        FileTrees.remove(root(id));
    }

    /** It has ended when all others in its namespace have. */
    private static void awaitEnd(Noted process) throws IOException {
        try {
            for (int poll = 0; process.isAlive() && poll < POLLS_FOR_END; poll++) {
                Thread.sleep(1);
            }
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }
}
