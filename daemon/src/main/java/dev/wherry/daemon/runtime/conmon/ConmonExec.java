package dev.wherry.daemon.runtime.conmon;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.Spawn;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.runc.RuntimeFailure;
import jakarta.inject.Singleton;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Starts one more process in a running container, under a conmon of its own. That holds the process's streams or
 * terminal, tells its exit code by a pipe while the daemon that asked lives, and leaves it in a file in any case.
 */
@Singleton
public final class ConmonExec {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> ENVIRONMENT =
            List.of("PATH=" + OciRuntime.SEARCH_PATH, "_OCI_SYNCPIPE=3", "_OCI_ATTACHPIPE=4", "_OCI_STARTPIPE=5");

    private final OciRuntime runc;
    private final Conmon conmon;

    public ConmonExec(OciRuntime runc, Conmon conmon) {
        this.runc = runc;
        this.conmon = conmon;
    }

    /**
     * What is to be supervised, and where its files are.
     *
     * @param container ID of the container it runs in
     * @param folder of this process alone: its spec {@code process.json}, and conmon's sockets, pipes and files
     * @param state the runtime's state folder
     * @param stdin whether there is a standard input
     * @param attached whether somebody joins its streams before it begins
     */
    public record Session(
            String container, Path folder, Path state, boolean terminal, boolean stdin, boolean attached) {

        /** What conmon's command line has in a row, and no other process's. */
        public List<String> mark() {
            return List.of("-b", folder.toString());
        }

        public Path spec() {
            return folder.resolve("process.json");
        }

        public Path attachSocket() {
            return folder.resolve("attach");
        }

        /** Takes window sizes, as "1 ROWS COLUMNS". */
        public Path control() {
            return folder.resolve("ctl");
        }

        /** Holds the exit code when all is over. */
        public Path exitFile() {
            return folder.resolve(container);
        }

        /** ID of the supervisor; empty when it never came so far. */
        public Optional<Integer> conmonPid() {
            return number(folder.resolve("conmon.pid"));
        }

        /** ID of the process itself on the host; empty when it was not started. */
        public Optional<Integer> pid() {
            return number(folder.resolve("pid"));
        }

        /** The exit code; empty when it has not ended, or nobody knows how. */
        public Optional<Integer> exitCode() {
            return number(exitFile());
        }

        private static Optional<Integer> number(Path file) {
            try {
                return Optional.of(Integer.parseInt(Files.readString(file).strip()));
            } catch (IOException | NumberFormatException absent) {
                return Optional.empty();
            }
        }
    }

    /** A process that was started. */
    public static final class Started {
        private final int pid;
        private final Spawn.Child conmon;
        private final BufferedReader reports;

        private Started(int pid, Spawn.Child conmon, BufferedReader reports) {
            this.pid = pid;
            this.conmon = conmon;
            this.reports = reports;
        }

        /** Of the process, on the host. */
        public int pid() {
            return pid;
        }

        /** Blocks until it has ended; empty when its supervisor was killed before. Call once. */
        public OptionalInt awaitExit() {
            try (conmon) {
                String line = reports.readLine();
                return line == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(JSON.readTree(line).path("data").asInt(ExitCode.RUNTIME_FAILED.value()));
            } catch (IOException unreadable) {
                return OptionalInt.empty();
            }
        }
    }

    /**
     * Starts the process whose spec is in the session's folder.
     *
     * @param join called when its streams can be joined, before it begins; not when nobody joins
     * @throws StartException when it cannot be started: 127 when there is no such program, 126 when it cannot be
     *     executed, 125 for all else
     */
    public Started start(Session session, Runnable join) {
        Path runtimeLog = session.folder().resolve("runtime.log");
        Path ownLog = session.folder().resolve("conmon.log");
        Spawn.Child child = null;
        try {
            child = Spawn.start(command(session, runtimeLog), ENVIRONMENT, session.folder(), ownLog, 2, 1);
            BufferedReader reports = new BufferedReader(new InputStreamReader(child.report(0), StandardCharsets.UTF_8));
            order(child);
            if (session.attached() && child.report(1).read() >= 0) {
                join.run();
                order(child);
            }
            Started started = new Started(pid(reports.readLine(), session, runtimeLog, ownLog), child, reports);
            session.conmonPid().ifPresent(pid -> conmon.scopes().moveLater(session.container(), pid));
            child.await();
            child = null;
            return started;
        } catch (IOException failure) {
            throw new HostException("cannot run conmon: " + failure.getMessage(), failure);
        } finally {
            close(child);
        }
    }

    /** Lets conmon go on from where it waits. */
    private static void order(Spawn.Child child) {
        try {
            child.order(0).write('\n');
        } catch (IOException ended) {
            // Then its report tells why.
        }
    }

    private static void close(Spawn.Child child) {
        try {
            if (child != null) {
                child.close();
            }
        } catch (IOException ignored) {
            // Nothing is lost with it.
        }
    }

    private static int pid(String report, Session session, Path runtimeLog, Path ownLog) throws IOException {
        return Conmon.pid(
                report,
                runtimeLog,
                ownLog,
                "exec",
                said -> RuntimeFailure.ofExec(
                        said, session.spec(), root(OciRuntime.bundle(session.state(), session.container()))));
    }

    /** The root of a container's first process, which may have ended. */
    private static Path root(Path bundle) throws IOException {
        Path pid = bundle.resolve("pid");
        return Path.of("/proc", Files.exists(pid) ? Files.readString(pid).strip() : "none", "root");
    }

    private List<String> command(Session session, Path runtimeLog) {
        List<String> command = new ArrayList<>();
        command.add(conmon.binary()
                .orElseThrow(() -> OciRuntime.missing("conmon", "conmon"))
                .toString());
        command.addAll(List.of("--api-version", "1", "--full-attach", "--no-sync-log", "-l", "none"));
        command.addAll(List.of("-c", session.container(), "-u", session.container(), "-n", session.container()));
        command.addAll(session.mark());
        command.addAll(
                List.of("-r", runc.of(session.state(), session.container()).toString()));
        command.addAll(List.of("-P", session.folder().resolve("conmon.pid").toString()));
        command.addAll(List.of("-p", session.folder().resolve("pid").toString()));
        command.addAll(List.of("--exit-dir", session.folder().toString()));
        command.addAll(List.of("--exec", "--exec-process-spec", session.spec().toString()));
        for (String argument :
                List.of("--root", session.state().toString(), "--log", runtimeLog.toString(), "--log-format", "json")) {
            command.addAll(List.of("--runtime-arg", argument));
        }
        if (session.attached()) {
            command.add("--exec-attach");
        }
        if (session.terminal()) {
            command.add("-t");
        }
        if (session.stdin()) {
            command.add("-i");
        }
        return command;
    }
}
