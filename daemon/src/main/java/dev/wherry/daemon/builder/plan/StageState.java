package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A stage while its instructions are read: its file system so far, and the config that they have made of the base's. */
public final class StageState {

    static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

    public Vertex top;
    final List<HistoryLine> history = new ArrayList<>();
    final Map<String, String> env = new LinkedHashMap<>();
    final Map<String, String> args = new LinkedHashMap<>();
    /** Every name an ARG has declared, with a value or without. */
    final Set<String> declared = new LinkedHashSet<>();

    final Map<String, String> labels = new TreeMap<>();
    final Map<String, Map<String, Object>> exposedPorts = new TreeMap<>();
    final Map<String, Map<String, Object>> volumes = new TreeMap<>();
    List<String> entrypoint;
    List<String> cmd;
    List<String> shell;
    String user;
    String workingDir;
    String stopSignal;
    Optional<String> author = Optional.empty();
    boolean cmdIsOwn;
    /** False if the base image's config is not known: a variable may then have any value. */
    boolean known = true;

    Map<String, Object> healthcheck;
    Boolean argsEscaped;
    Optional<Platform> platform = Optional.empty();
    /** What the base wants done first, and what this stage wants of its children. */
    final List<String> triggers = new ArrayList<>();

    final List<String> onBuild = new ArrayList<>();

    /** An empty file system; a process in it gets the usual search path. */
    public static StageState scratch(Vertex top) {
        StageState state = new StageState();
        state.top = top;
        state.env.put("PATH", DEFAULT_PATH);
        state.workingDir = "/";
        return state;
    }

    static StageState of(Vertex top, ImageConfig image) {
        StageState state = new StageState();
        ImageConfig.Execution config = image.config();
        state.top = top;
        orEmpty(config.env()).forEach(entry -> {
            int equals = entry.indexOf('=');
            state.env.put(
                    equals < 0 ? entry : entry.substring(0, equals), equals < 0 ? "" : entry.substring(equals + 1));
        });
        state.labels.putAll(orEmpty(config.labels()));
        state.exposedPorts.putAll(orEmpty(config.exposedPorts()));
        state.volumes.putAll(orEmpty(config.volumes()));
        state.entrypoint = config.entrypoint();
        state.cmd = config.cmd();
        state.shell = config.shell();
        state.user = config.user();
        state.workingDir = config.workingDir();
        state.stopSignal = config.stopSignal();
        state.healthcheck = config.healthcheck();
        state.argsEscaped = config.argsEscaped();
        state.triggers.addAll(orEmpty(config.onBuild()));
        if (image.os() != null && image.architecture() != null) {
            state.platform = Optional.of(new Platform(image.os(), image.architecture(), image.variant()));
        }
        state.author = Optional.ofNullable(image.author());
        orEmpty(image.history()).forEach(entry -> state.history.add(new HistoryLine.Inherited(entry)));
        return state;
    }

    /** Where a stage begins that is based on this one: the same, build arguments too, but with its triggers to come. */
    StageState derive() {
        StageState state = new StageState();
        state.top = top;
        state.history.addAll(history);
        state.env.putAll(env);
        state.args.putAll(args);
        state.known = known;
        state.declared.addAll(declared);
        state.argsEscaped = argsEscaped;
        state.platform = platform;
        state.triggers.addAll(onBuild);
        state.labels.putAll(labels);
        state.exposedPorts.putAll(exposedPorts);
        state.volumes.putAll(volumes);
        state.entrypoint = entrypoint;
        state.cmd = cmd;
        state.shell = shell;
        state.user = user;
        state.workingDir = workingDir;
        state.stopSignal = stopSignal;
        state.healthcheck = healthcheck;
        state.author = author;
        return state;
    }

    /** What a word of an instruction sees: the environment, then the build arguments. */
    Scope scope() {
        return name -> Optional.ofNullable(env.containsKey(name) ? env.get(name) : args.get(name));
    }

    List<String> shell() {
        return shell == null ? DEFAULT_SHELL : shell;
    }

    String workingDir() {
        return workingDir == null || workingDir.isEmpty() ? "/" : workingDir;
    }

    /** What a RUN sees: build arguments, and over them the environment. */
    Map<String, String> runEnv() {
        Map<String, String> seen = new LinkedHashMap<>(args);
        seen.putAll(env);
        seen.putIfAbsent("PATH", DEFAULT_PATH);
        return seen;
    }

    ImageConfig.Execution config() {
        List<String> environment = new ArrayList<>();
        env.forEach((name, value) -> environment.add(name + "=" + value));
        return new ImageConfig.Execution(
                null,
                user == null || user.isEmpty() ? null : user,
                orNull(exposedPorts),
                environment.isEmpty() ? null : environment,
                orNull(entrypoint),
                orNull(cmd),
                argsEscaped,
                orNull(volumes),
                workingDir,
                orNull(labels),
                stopSignal,
                shell,
                healthcheck,
                orNull(onBuild));
    }

    /** Those variables that a RUN sees because of an ARG. */
    Set<String> runArgs() {
        Set<String> names = new LinkedHashSet<>(args.keySet());
        names.removeAll(env.keySet());
        return names;
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }

    private static <T> Map<String, T> orEmpty(Map<String, T> map) {
        return map == null ? Map.of() : map;
    }

    private static <T> List<T> orNull(List<T> list) {
        return list == null || list.isEmpty() ? null : List.copyOf(list);
    }

    private static <T> Map<String, T> orNull(Map<String, T> map) {
        return map.isEmpty() ? null : map;
    }
}
