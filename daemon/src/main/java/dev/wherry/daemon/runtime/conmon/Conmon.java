package dev.wherry.daemon.runtime.conmon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.Spawn;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.runc.RuntimeFailure;
import jakarta.inject.Inject;
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

/**
 * Starts conmon, one for each run of a container: the parent of its first process. It holds the streams or the
 * terminal, writes the log, and leaves an exit file when all is over. It runs in a session of its own, with nothing of
 * the daemon's open, and outlives it.
 */
@Singleton
public final class Conmon {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> ENVIRONMENT = List.of("PATH=" + OciRuntime.SEARCH_PATH, "_OCI_SYNCPIPE=3");

    /** Conmon then does nothing before it is told to. */
    private static final String WAITS = "_OCI_STARTPIPE=4";

    private static final String PROGRAM = "conmon";

    private final OciRuntime runc;
    private final ConmonScopes scopes;

    @Inject
    public Conmon(OciRuntime runc, ConmonScopes scopes) {
        this.runc = runc;
        this.scopes = scopes;
    }

    /** One that leaves each conmon in the control group of the daemon. */
    public Conmon(OciRuntime runc) {
        this(runc, new ConmonScopes(Optional.empty(), id -> id));
    }

    /**
     * What is to be supervised, and where its files are.
     *
     * @param bundle also the place of the sockets and pipes: {@code attach}, {@code ctl}
     * @param state the runtime's state folder
     * @param exits where the exit file appears, named by the ID
     * @param name of the container, under which its lines are in the journal
     * @param log arguments that say where what the container writes goes
     * @param stdin whether there is a standard input
     * @param keepStdinOpen whether that stays open when an attached client leaves
     */
    public record Supervision(
            String id,
            String name,
            Path bundle,
            Path state,
            Path exits,
            List<String> log,
            boolean terminal,
            boolean stdin,
            boolean keepStdinOpen) {

        /** What conmon's command line has in a row, and no other process's. */
        public List<String> mark() {
            return List.of("-b", bundle.toString());
        }

        public Path pidFile() {
            return bundle.resolve("conmon.pid");
        }

        private boolean writesToJournal() {
            return log.contains("journald:");
        }
    }

    /** Where the program is; empty when it is missing. */
    public Optional<Path> binary() {
        return OciRuntime.find(PROGRAM);
    }

    /** A container that was created, and conmon, which still reports. */
    public static final class Created implements AutoCloseable {
        private final int pid;
        private final Spawn.Child conmon;
        private final BufferedReader report;

        private Created(int pid, Spawn.Child conmon, BufferedReader report) {
            this.pid = pid;
            this.conmon = conmon;
            this.report = report;
        }

        /** Blocks until conmon has ended, which it does after the container. */
        public void awaitEnd() throws IOException {
            while (report.read() >= 0) {
                // Whatever conmon may report: the end of its report is its own end.
            }
        }

        @Override
        public void close() throws IOException {
            conmon.close();
        }
    }

    /**
     * Starts conmon, which creates the container from its bundle.
     *
     * @return process ID of the container's first process, which waits to be started
     * @throws StartException when the container cannot be created
     */
    public int create(Supervision supervision) {
        try (Created created = begin(supervision)) {
            return created.pid;
        } catch (IOException failure) {
            throw cannotRun(failure);
        }
    }

    /** As {@link #create}, for one who wants to know when conmon ends. */
    public Created begin(Supervision supervision) {
        Path runtimeLog = supervision.bundle().resolve("runtime.log");
        Path ownLog = supervision.bundle().resolve("conmon.log");
        try {
            Spawn.Child child = start(supervision, runtimeLog, ownLog);
            try {
                BufferedReader report =
                        new BufferedReader(new InputStreamReader(child.report(0), StandardCharsets.UTF_8));
                int pid = pid(
                        report.readLine(),
                        runtimeLog,
                        ownLog,
                        "container",
                        said -> RuntimeFailure.ofContainer(said, supervision.bundle()));
                conmonPid(supervision).ifPresent(conmon -> scopes.moveLater(supervision.id(), conmon));
                return new Created(pid, child, report);
            } catch (Throwable failure) {
                child.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw cannotRun(failure);
        }
    }

    private static HostException cannotRun(IOException failure) {
        return new HostException("cannot run " + PROGRAM + ": " + failure.getMessage(), failure);
    }

    /** The journal notes the unit of who writes, so that one that writes there is in its own from the beginning. */
    private Spawn.Child start(Supervision supervision, Path runtimeLog, Path ownLog) throws IOException {
        List<String> command = command(supervision, runtimeLog);
        if (!supervision.writesToJournal()) {
            return Spawn.start(command, ENVIRONMENT, supervision.bundle(), ownLog, 1);
        }
        List<String> environment = new ArrayList<>(ENVIRONMENT);
        environment.add(WAITS);
        Spawn.Child child = Spawn.start(command, environment, supervision.bundle(), ownLog, 1, 1);
        scopes.moveNow(supervision.id(), child.pid());
        child.order(0).write('\n');
        return child;
    }

    ConmonScopes scopes() {
        return scopes;
    }

    /** Makes the error for a program that was not started of what the runtime or conmon said. */
    @FunctionalInterface
    interface NotStarted {
        StartException of(String said) throws IOException;
    }

    /**
     * The process ID that conmon reports.
     *
     * @param report a line of JSON; null when conmon ended without one
     * @param what conmon supervises, for the error
     */
    static int pid(String report, Path runtimeLog, Path ownLog, String what, NotStarted notStarted) throws IOException {
        JsonNode answer = report == null ? JSON.missingNode() : JSON.readTree(report);
        int pid = answer.path("data").asInt(-1);
        if (pid > 0) {
            return pid;
        }
        throw notStarted.of(failure(answer, runtimeLog, ownLog, what));
    }

    /** What the runtime said, or else conmon. */
    private static String failure(JsonNode answer, Path runtimeLog, Path ownLog, String what) throws IOException {
        Optional<String> said = RuntimeFailure.inLog(runtimeLog);
        if (said.isPresent()) {
            return said.get();
        }
        String words = answer.path("message").asText(Files.readString(ownLog)).strip();
        return words.isEmpty()
                ? "the supervisor of the " + what + " (conmon) ended without a word"
                : "conmon: " + words;
    }

    private List<String> command(Supervision supervision, Path runtimeLog) {
        List<String> command = new ArrayList<>();
        command.add(binary().orElseThrow(() -> OciRuntime.missing(PROGRAM, "conmon"))
                .toString());
        command.addAll(List.of("--api-version", "1", "--full-attach", "--no-sync-log"));
        command.addAll(List.of("-c", supervision.id(), "-u", supervision.id(), "-n", supervision.name()));
        command.addAll(supervision.mark());
        command.addAll(List.of("-r", runc.of(supervision.bundle()).toString()));
        command.addAll(runc.cgroups().flags());
        command.addAll(List.of("-P", supervision.pidFile().toString()));
        command.addAll(List.of("-p", supervision.bundle().resolve("pid").toString()));
        command.addAll(supervision.log());
        command.addAll(List.of("--exit-dir", supervision.exits().toString()));
        for (String argument : List.of(
                "--root", supervision.state().toString(), "--log", runtimeLog.toString(), "--log-format", "json")) {
            command.addAll(List.of("--runtime-arg", argument));
        }
        if (supervision.terminal()) {
            command.add("-t");
        }
        if (supervision.stdin()) {
            command.add("-i");
        }
        if (supervision.keepStdinOpen()) {
            command.add("--leave-stdin-open");
        }
        return command;
    }

    /** What conmon last said of itself: its own process ID; empty when it never came so far. */
    public static Optional<Integer> conmonPid(Supervision supervision) {
        try {
            return Optional.of(
                    Integer.parseInt(Files.readString(supervision.pidFile()).strip()));
        } catch (IOException | NumberFormatException absent) {
            return Optional.empty();
        }
    }
}
