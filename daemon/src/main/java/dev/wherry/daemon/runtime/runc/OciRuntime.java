package dev.wherry.daemon.runtime.runc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.ShortProgram;
import dev.wherry.daemon.linux.ShortProgram.Answer;
import dev.wherry.daemon.runtime.cgroup.CgroupDriver;
import dev.wherry.daemon.runtime.spec.RuntimeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The OCI runtime: runc, or any other program with runc's command line, such as crun or youki. */
public final class OciRuntime {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);
    private static final int DELETE_ATTEMPTS = 5;
    public static final String SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** The environment of a runtime: nothing of the daemon's. */
    public static final List<String> VARIABLES = List.of("PATH=" + SEARCH_PATH);

    private final boolean isChosen;
    private final RuntimeChoice choice;
    private final ConfiguredRuntimes others;
    private final CgroupDriver cgroups;
    private final CompiledFilters filters = new CompiledFilters();

    /** Calls the runtime that the settings name. */
    public OciRuntime(RuntimeSettings settings) {
        this(settings, _ -> Optional.empty());
    }

    /**
     * Calls the runtime that the settings name, or chooses one where they leave that to the daemon.
     *
     * @param trial runs a container with a runtime, and says what went wrong; empty when nothing did
     */
    public OciRuntime(RuntimeSettings settings, Function<Path, Optional<String>> trial) {
        String name = settings.standard();
        this.isChosen = name.equals(DefaultRuntime.AUTO);
        this.choice =
                new RuntimeChoice(isChosen ? () -> DefaultRuntime.choose(trial) : () -> DefaultRuntime.named(name));
        this.others = new ConfiguredRuntimes(settings.named());
        this.cgroups = settings.cgroups();
    }

    /** The runtime of what asks for none. It is chosen at the first call, which may run a container. */
    public DefaultRuntime standard() {
        return choice.current();
    }

    /** The driver of control groups that it is called with. */
    public CgroupDriver cgroups() {
        return cgroups;
    }

    /**
     * Checks what a container asks of the runtime.
     *
     * @param runtime name or absolute path; empty for the daemon's own
     * @throws InvalidInputException if there is no such runtime, or no such parent group
     */
    public void check(String runtime, String cgroupParent) {
        cgroups.checkParent(cgroupParent);
        if (!runtime.isEmpty()) {
            others.find(runtime);
        }
    }

    /**
     * Names in a bundle the runtime of its container; all calls for the container go to that one.
     *
     * @param runtime name or absolute path; empty for the daemon's own
     */
    public void assign(Path bundle, String runtime) throws IOException {
        ConfiguredRuntimes.write(bundle, runtime.isEmpty() ? required() : others.find(runtime));
    }

    /** The annotations that spare the runtime of a bundle work on a seccomp profile. */
    public Map<String, String> annotations(Path bundle, RuntimeSpec.Seccomp profile) {
        return filters.of(of(bundle), profile)
                .map(filter -> Map.of(CompiledFilters.ANNOTATION, filter))
                .orElse(Map.of());
    }

    /** Keeps what the runtime worked out for a container that it has created. */
    public void learn(Path root, String id, RuntimeSpec spec) throws IOException {
        filters.learn(of(bundle(root, id)), spec, root.resolve(id));
    }

    /** Whether a process is that of the runtime which is about to become a container's program. */
    public boolean isOwn(int pid) {
        try {
            String name = Files.readString(Path.of("/proc", Integer.toString(pid), "comm"));
            return name.startsWith("runc:[") || name.startsWith("crun");
        } catch (IOException ended) {
            return false;
        }
    }

    /** Whether a container was created and never started. */
    public boolean isCreated(Path root, String id) {
        return status(root, id).equals(Optional.of("created"));
    }

    /** The container's status by the runtime specification, such as "created"; empty if the runtime knows no such container. */
    private Optional<String> status(Path root, String id) {
        Answer result = run(root, "state", id);
        if (result.code() != 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(result.output()).path("status").asText());
        } catch (JsonProcessingException failure) {
            throw new HostException("the runtime's state of " + id + " is no JSON: " + failure.getMessage(), failure);
        }
    }

    /** Starts what was created. */
    public void start(Path root, String id) {
        if (hasHooks(root, id) || !StateFolder.of(root.resolve(id)).release()) {
            call(root, "start", id);
        }
    }

    /** Whether the runtime itself has to start and remove a container, since it runs programs then. */
    private static boolean hasHooks(Path root, String id) {
        try {
            String spec = Files.readString(bundle(root, id).resolve("config.json"));
            return spec.contains("\"poststart\"") || spec.contains("\"poststop\"");
        } catch (IOException gone) {
            return true;
        }
    }

    /** Sends a signal to a container's first process; false when that has ended. */
    public boolean kill(Path root, String id, int signal) {
        Answer result = run(root, "kill", id, Integer.toString(signal));
        if (result.code() == 0) {
            return true;
        }
        if (status(root, id).filter(status -> !status.equals("stopped")).isPresent()) {
            throw failure("kill", result);
        }
        return false;
    }

    /** Kills and removes a container, in whatever state; nothing there is fine. */
    public void delete(Path root, String id) {
        for (int attempt = 1; ; attempt++) {
            Answer result = run(root, "delete", "--force", id);
            if (result.code() == 0 || !Files.exists(root.resolve(id))) {
                return;
            }
            // Somebody may have killed the runtime itself, which then did half of it.
            if (result.code() != ExitCode.KILLED.value() || attempt == DELETE_ATTEMPTS) {
                throw failure("delete", result);
            }
        }
    }

    /**
     * Removes what the runtime keeps of a container whose processes have ended and whose control groups are gone. Of
     * runc and crun that is one folder, removed without starting a program; other runtimes are asked.
     */
    public void forget(Path root, String id) {
        Path state = root.resolve(id);
        if (hasHooks(root, id) || !StateFolder.of(state).isAll()) {
            delete(root, id);
            return;
        }
        try {
            FileTrees.remove(state);
        } catch (IOException failure) {
            throw new HostException("cannot remove " + state + ": " + failure.getMessage(), failure);
        }
    }

    /** The command that runs a container from its bundle to its end, in the foreground. */
    public List<String> runCommand(Path root, Path log, Path bundle, String id) {
        List<String> command = new ArrayList<>(List.of(of(bundle).toString(), "--root", root.toString()));
        command.addAll(cgroups.flags());
        command.addAll(List.of("--log", log.toString(), "--log-format", "json"));
        command.addAll(List.of("run", "--bundle", bundle.toString(), id));
        return command;
    }

    /** The command that starts a container from its bundle, and ends when it runs. */
    public List<String> detachedCommand(Path root, Path log, Path bundle, Path pidFile, String id) {
        List<String> command = new ArrayList<>(List.of(of(bundle).toString(), "--root", root.toString()));
        command.addAll(cgroups.flags());
        command.addAll(List.of("--log", log.toString(), "--log-format", "json"));
        command.addAll(List.of("run", "--detach", "--pid-file", pidFile.toString(), "--bundle", bundle.toString(), id));
        return command;
    }

    Path required() {
        DefaultRuntime standard = standard();
        return standard.program().orElseThrow(() -> missing(standard.name(), "runc"));
    }

    /** The one that made the container of a bundle; wherryd 0.1.0 named none in the bundles of its default, runc. */
    public Path of(Path bundle) {
        return ConfiguredRuntimes.of(bundle)
                .or(() -> isChosen ? find("runc") : Optional.empty())
                .orElseGet(this::required);
    }

    /** The one that made a container or step: bundles lie beside the state of the runtime. */
    public Path of(Path root, String id) {
        Path container = bundle(root, id);
        return of(
                Files.exists(container)
                        ? container
                        : root.resolveSibling("steps").resolve(id));
    }

    /** The bundle of a container. */
    public static Path bundle(Path root, String id) {
        return root.resolveSibling("containers").resolve(id).resolve("bundle");
    }

    public static HostException missing(String program, String debianPackage) {
        return new HostException("the program " + program
                + " is missing on the daemon's host: install it, as with \"apt-get install " + debianPackage + "\"");
    }

    public static Optional<Path> find(String name) {
        if (name.startsWith("/")) {
            return Optional.of(Path.of(name)).filter(Files::isExecutable);
        }
        for (String folder : SEARCH_PATH.split(":")) {
            Path candidate = Path.of(folder, name);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** Runs a command of a runtime, which inherits nothing of the daemon. */
    static Answer answer(List<String> command, byte[] input) throws IOException {
        return ShortProgram.run(command, VARIABLES, input, LONGEST_ANSWER);
    }

    private void call(Path root, String... arguments) {
        Answer result = run(root, arguments);
        if (result.code() != 0) {
            throw failure(arguments[0], result);
        }
    }

    private HostException failure(String command, Answer result) {
        return new HostException(
                "the OCI runtime's \"" + command + "\" failed: " + RuntimeFailure.message(result.errors()));
    }

    /** The first argument after the command that is no option. */
    private static String id(String... arguments) {
        return Arrays.stream(arguments)
                .skip(1)
                .filter(argument -> !argument.startsWith("-"))
                .findFirst()
                .orElseThrow();
    }

    private Answer run(Path root, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(of(root, id(arguments)).toString(), "--root", root.toString(), "--log-format", "json"));
        command.addAll(List.of(arguments));
        try {
            return answer(command, new byte[0]);
        } catch (IOException failure) {
            throw new HostException("cannot run " + command.getFirst() + ": " + failure.getMessage(), failure);
        }
    }
}
