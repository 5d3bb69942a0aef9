package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.context.ImagePaths;
import dev.wherry.daemon.builder.copy.CopyOperation;
import dev.wherry.daemon.builder.copy.WorkdirOperation;
import dev.wherry.daemon.builder.dockerfile.SignalNames;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.instruction.Add;
import dev.wherry.daemon.builder.dockerfile.instruction.Arg;
import dev.wherry.daemon.builder.dockerfile.instruction.Cmd;
import dev.wherry.daemon.builder.dockerfile.instruction.CommandLine;
import dev.wherry.daemon.builder.dockerfile.instruction.Copy;
import dev.wherry.daemon.builder.dockerfile.instruction.Entrypoint;
import dev.wherry.daemon.builder.dockerfile.instruction.Env;
import dev.wherry.daemon.builder.dockerfile.instruction.Expose;
import dev.wherry.daemon.builder.dockerfile.instruction.ExposedPorts;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.instruction.GoText;
import dev.wherry.daemon.builder.dockerfile.instruction.Healthcheck;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.instruction.KeyValue;
import dev.wherry.daemon.builder.dockerfile.instruction.Label;
import dev.wherry.daemon.builder.dockerfile.instruction.Maintainer;
import dev.wherry.daemon.builder.dockerfile.instruction.OnBuild;
import dev.wherry.daemon.builder.dockerfile.instruction.Run;
import dev.wherry.daemon.builder.dockerfile.instruction.Shell;
import dev.wherry.daemon.builder.dockerfile.instruction.StopSignal;
import dev.wherry.daemon.builder.dockerfile.instruction.UserInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.VolumeInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Workdir;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.run.RunOperation;
import dev.wherry.daemon.builder.run.RunSpec;
import dev.wherry.daemon.builder.shell.StepShell;
import dev.wherry.daemon.builder.solver.Vertex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Reads the instructions of one stage in order: each changes the stage's config, or adds a vertex to its top. */
public final class StageReader {

    /** How the history of an image marks what BuildKit's instructions made, which tools that read histories look for. */
    private static final String BUILT = " # buildkit";

    /** Stands for the value of a variable that is not known: most instructions take it. */
    private static final String ANY_VALUE = "1";

    private final Planner planner;
    private final Stage stage;
    private final StageState state;

    public StageReader(Planner planner, Stage stage, StageState state) {
        this.planner = planner;
        this.stage = stage;
        this.state = state;
    }

    public void read(Instruction instruction, Step step) {
        Scope scope = snapshotOfScope();
        switch (instruction) {
            case From from -> throw new IllegalStateException("FROM within a stage: " + from);
            case Run run -> run(run, step, scope);
            case Copy copy -> copy(copy, step, scope);
            case Add add -> add(add, step, scope);
            case Workdir workdir -> workdir(workdir, step, scope);
            case Env env -> {
                pairs(env.pairs(), scope, state.env::put);
                changed(step, "ENV " + joined(env.pairs(), scope));
            }
            case Label label -> {
                pairs(label.pairs(), scope, state.labels::put);
                changed(step, "LABEL " + joined(label.pairs(), scope));
            }
            case Arg arg -> arg(arg, step);
            case UserInstruction user -> {
                state.user = user.user().expand(scope);
                changed(step, "USER " + state.user);
            }
            case Expose expose -> expose(expose, step, scope);
            case Cmd cmd -> {
                state.cmd = command(cmd.command());
                state.cmdIsOwn = true;
                // Docker's own mark, which engines of Windows look at.
                state.argsEscaped = true;
                changed(step, "CMD " + GoText.quoted(state.cmd));
            }
            case Entrypoint entrypoint -> {
                state.entrypoint = command(entrypoint.command());
                // The base image's arguments are meant for the base image's program.
                state.cmd = state.cmdIsOwn ? state.cmd : null;
                changed(step, "ENTRYPOINT " + GoText.quoted(state.entrypoint));
            }
            case Shell shell -> {
                state.shell = shell.args();
                changed(step, "SHELL " + GoText.plain(state.shell));
            }
            case StopSignal signal -> {
                state.stopSignal = signal.signal().expand(scope);
                SignalNames.check(state.stopSignal, signal.signal().position());
                changed(step, "STOPSIGNAL " + state.stopSignal);
            }
            case VolumeInstruction volume -> {
                List<String> paths = volume.paths().stream()
                        .map(path -> volume(path, path.expand(scope)))
                        .toList();
                paths.forEach(path -> state.volumes.put(path, Map.of()));
                changed(step, "VOLUME " + GoText.plain(paths));
            }
            case Maintainer maintainer -> {
                state.author = Optional.of(maintainer.author());
                changed(step, "MAINTAINER " + maintainer.author());
            }
            case Healthcheck check -> {
                state.healthcheck = HealthcheckConfig.of(check);
                changed(step, HealthcheckConfig.createdBy(check));
            }
            case OnBuild trigger -> {
                state.onBuild.add(trigger.trigger());
                planner.follow(state.top, step);
            }
        }
    }

    /** Every word of an instruction sees the variables as they were before it. */
    private Scope snapshotOfScope() {
        Map<String, String> variables = new HashMap<>(state.args);
        variables.putAll(state.env);
        if (state.known) {
            return Scope.of(variables);
        }
        Set<String> unset = new HashSet<>(state.declared);
        unset.removeAll(variables.keySet());
        return name -> unset.contains(name) ? Optional.empty() : Optional.of(variables.getOrDefault(name, ANY_VALUE));
    }

    private void run(Run run, Step step, Scope scope) {
        List<String> args = command(run.command());
        if (args.isEmpty()) {
            throw new DockerfileException(run.position(), run.source(), "RUN needs a command");
        }
        if (run.mounts().isEmpty()
                && state.top instanceof Vertex.Source base
                && base.image().isEmpty()) {
            throw new DockerfileException(
                    run.position(), run.source(), "RUN has nothing to run in: the stage begins from scratch");
        }
        RunReader reader = new RunReader(run, planner.runOptions());
        List<Vertex> sources = new ArrayList<>();
        List<RunSpec.Mount> mounts =
                reader.mounts(scope, state.workingDir(), name -> planner.mountable(name, stage, step), sources);
        RunSpec spec = new RunSpec(
                args,
                state.runEnv(),
                state.runArgs(),
                planner.arguments().hidden(),
                state.workingDir(),
                user(),
                run.script().map(script -> new RunSpec.Script(script.name(), script.body())),
                mounts,
                reader.sandbox(),
                state.shell().stream().findFirst().orElse(StepShell.USUAL));
        state.top = new Vertex.Derived(step, state.top, sources, new RunOperation(planner.processes(), spec));
        List<String> line = new ArrayList<>();
        state.declared.forEach(
                name -> line.add(name + "=" + state.scope().get(name).orElse("")));
        String prefix = line.isEmpty() ? "" : "|" + line.size() + " " + String.join(" ", line) + " ";
        layer("RUN " + prefix + String.join(" ", args) + BUILT);
    }

    private static String volume(Word word, String path) {
        if (path.isEmpty()) {
            throw new DockerfileException(word.position(), word.raw(), "a path of VOLUME is empty");
        }
        return path;
    }

    private void copy(Copy copy, Step step, Scope scope) {
        Optional<Planner.Read> from = copy.from().map(name -> planner.source(name, stage, step));
        CopyReader.Transfer read = new CopyReader(scope, state.workingDir()).copy(copy, from.map(Planner.Read::origin));
        transfer(read, from.flatMap(Planner.Read::vertex), step);
    }

    private void add(Add add, Step step, Scope scope) {
        transfer(new CopyReader(scope, state.workingDir()).add(add), Optional.empty(), step);
    }

    private void transfer(CopyReader.Transfer read, Optional<Vertex> from, Step step) {
        state.top = new Vertex.Derived(
                step, state.top, from.stream().toList(), new CopyOperation(planner.copies(), read.spec()));
        layer(read.text() + BUILT);
    }

    private void workdir(Workdir workdir, Step step, Scope scope) {
        String path = ImagePaths.absolute(state.workingDir(), workdir.path().expand(scope));
        state.workingDir = path;
        if (path.equals("/")) {
            changed(step, "WORKDIR /");
            return;
        }
        state.top =
                new Vertex.Derived(step, state.top, List.of(), new WorkdirOperation(planner.copies(), path, user()));
        layer("WORKDIR " + path);
    }

    private String user() {
        return state.user == null ? "" : state.user;
    }

    /** Each declaration sees those before it. */
    private void arg(Arg arg, Step step) {
        List<String> shown = new ArrayList<>();
        for (Arg.Declaration declaration : arg.declarations()) {
            Scope scope = snapshotOfScope();
            String name = declaration.name().expand(scope);
            Optional<String> value = planner.arguments()
                    .declare(name, () -> declaration.defaultValue().map(word -> word.expand(scope)));
            state.declared.add(name);
            value.filter(known -> !BuildArguments.isForBuilderOnly(name))
                    .ifPresent(known -> state.args.put(name, known));
            shown.add(value.map(known -> name + "=" + known).orElse(name));
        }
        changed(step, "ARG " + String.join(" ", shown));
    }

    private void expose(Expose expose, Step step, Scope scope) {
        List<Word> words = new ArrayList<>(expose.ports());
        words.sort(Comparator.comparing(Word::raw));
        List<String> ports = new ArrayList<>();
        for (Word word : words) {
            for (String port : word.expandToWords(scope)) {
                ports.addAll(ExposedPorts.parse(port, word.position()));
            }
        }
        ports.forEach(port -> state.exposedPorts.put(port, Map.of()));
        changed(step, "EXPOSE " + GoText.plain(ports));
    }

    private static void pairs(List<KeyValue> pairs, Scope scope, BiConsumer<String, String> into) {
        pairs.forEach(pair -> into.accept(pair.key().expand(scope), pair.value().expand(scope)));
    }

    private static String joined(List<KeyValue> pairs, Scope scope) {
        List<String> shown = new ArrayList<>();
        pairs(pairs, scope, (key, value) -> shown.add(key + "=" + value));
        return String.join(" ", shown);
    }

    private List<String> command(CommandLine command) {
        return switch (command) {
            case CommandLine.Exec exec -> exec.args();
            case CommandLine.Shell shell -> {
                List<String> args = new ArrayList<>(state.shell());
                args.add(shell.text());
                yield args;
            }
        };
    }

    private void layer(String createdBy) {
        state.history.add(new HistoryLine.Layer(state.top, createdBy));
    }

    private void changed(Step step, String createdBy) {
        state.history.add(new HistoryLine.Metadata(state.top, createdBy));
        planner.follow(state.top, step);
    }
}
