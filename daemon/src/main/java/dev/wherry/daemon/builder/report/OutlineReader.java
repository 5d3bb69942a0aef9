package dev.wherry.daemon.builder.report;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.instruction.Arg;
import dev.wherry.daemon.builder.dockerfile.instruction.Env;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.instruction.MountFlag;
import dev.wherry.daemon.builder.dockerfile.instruction.Run;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.dockerfile.word.VariableNames;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a target takes: the arguments that it and the stages below it use, the secrets and the ssh agents. */
final class OutlineReader {

    private final Dockerfile dockerfile;
    private final Map<String, String> given;
    private final Scope globals;
    private final Map<String, Outline.Arg> args = new LinkedHashMap<>();
    private final Map<String, Outline.Mount> secrets = new LinkedHashMap<>();
    private final Map<String, Outline.Mount> ssh = new LinkedHashMap<>();
    private final Set<String> usedGlobals = new HashSet<>();

    OutlineReader(Dockerfile dockerfile, Map<String, String> given, Scope globals) {
        this.dockerfile = dockerfile;
        this.given = given;
        this.globals = globals;
    }

    /** The text after a name in the first comment above an instruction that begins with it. */
    static String description(SourceInstruction written, String name) {
        String prefix = name + " ";
        return name.isEmpty()
                ? ""
                : written.comments().stream()
                        .filter(comment -> comment.startsWith(prefix))
                        .findFirst()
                        .map(comment -> comment.substring(prefix.length()).strip())
                        .orElse("");
    }

    /** @param needed the target and the stages below it */
    Outline read(Stage target, List<Stage> needed) {
        Set<Instruction> froms = Collections.newSetFromMap(new IdentityHashMap<>());
        needed.forEach(stage -> froms.add(stage.from()));
        String description = "";
        boolean within = false;
        Map<String, String> values = new HashMap<>();
        for (SourceInstruction written : dockerfile.written()) {
            switch (written.instruction()) {
                case From from -> {
                    within = froms.contains(from);
                    values = new HashMap<>();
                    if (within) {
                        from(from);
                    }
                    if (from == target.from()) {
                        description = description(written, target.name().orElse(""));
                    }
                }
                case Arg arg -> {
                    if (within) {
                        declare(written, arg, values);
                    }
                }
                case Env env -> {
                    Map<String, String> before = values;
                    env.pairs().forEach(pair -> before.put(pair.key().raw(), expanded(pair.value(), before)));
                }
                case Run run -> {
                    if (within) {
                        mounts(run, Scope.of(values)).forEach(mount -> add(mount, run));
                    }
                }
                default -> {}
            }
        }
        addGlobals();
        List<Outline.Arg> inOrder = new ArrayList<>(args.values());
        inOrder.sort(Comparator.comparingInt(Outline.Arg::line));
        return new Outline(
                target.name().orElse(""),
                description,
                inOrder,
                List.copyOf(secrets.values()),
                List.copyOf(ssh.values()));
    }

    /** What a RUN mounts; nothing of a mount that does not tell without values that are not known here. */
    static List<RunMount> mounts(Run run, Scope scope) {
        List<RunMount> mounts = new ArrayList<>();
        for (MountFlag flag : run.mounts()) {
            try {
                mounts.add(flag.expand(scope));
            } catch (DockerfileException needsMore) {
                continue;
            }
        }
        return mounts;
    }

    private void add(RunMount mount, Run run) {
        int line = run.position().line();
        if (mount instanceof RunMount.Secret secret) {
            secrets.merge(secret.id(), new Outline.Mount(secret.id(), secret.required(), line), OutlineReader::both);
        } else if (mount instanceof RunMount.Ssh agent) {
            ssh.merge(agent.id(), new Outline.Mount(agent.id(), agent.required(), line), OutlineReader::both);
        }
    }

    /** Required when one of two mounts requires it. */
    private static Outline.Mount both(Outline.Mount first, Outline.Mount other) {
        return new Outline.Mount(first.id(), first.required() || other.required(), first.line());
    }

    private void from(From from) {
        usedGlobals.addAll(VariableNames.in(from.image()));
        from.platform().ifPresent(platform -> usedGlobals.addAll(VariableNames.in(platform)));
    }

    private void declare(SourceInstruction written, Arg arg, Map<String, String> values) {
        for (Arg.Declaration declaration : arg.declarations()) {
            String name = declaration.name().raw();
            Optional<String> global = globals.get(name);
            Optional<String> value = Optional.ofNullable(given.get(name))
                    .or(() -> declaration.defaultValue().map(word -> expanded(word, values)));
            if (value.isEmpty() && (global.isPresent() || isGlobal(name))) {
                usedGlobals.add(name);
            } else {
                add(written, name, value.orElse(""));
            }
            values.put(name, value.or(() -> global).orElse(""));
        }
    }

    private boolean isGlobal(String name) {
        return dockerfile.globalArgs().stream()
                .flatMap(arg -> arg.declarations().stream())
                .anyMatch(declaration -> declaration.name().raw().equals(name));
    }

    /** Those before the first FROM that are used, and those that their defaults use. */
    private void addGlobals() {
        for (Arg arg : dockerfile.globalArgs().reversed()) {
            for (Arg.Declaration declaration : arg.declarations().reversed()) {
                if (usedGlobals.contains(declaration.name().raw())) {
                    declaration.defaultValue().ifPresent(word -> usedGlobals.addAll(VariableNames.in(word)));
                }
            }
        }
        for (SourceInstruction written : dockerfile.written()) {
            if (written.instruction() instanceof From) {
                return;
            }
            if (written.instruction() instanceof Arg arg) {
                arg.declarations().stream()
                        .map(declaration -> declaration.name().raw())
                        .filter(usedGlobals::contains)
                        .forEach(name -> add(written, name, globals.get(name).orElse("")));
            }
        }
    }

    private void add(SourceInstruction written, String name, String value) {
        args.putIfAbsent(
                name,
                new Outline.Arg(
                        name,
                        description(written, name),
                        value,
                        written.position().line()));
    }

    private static String expanded(Word word, Map<String, String> values) {
        try {
            return word.expand(Scope.of(values));
        } catch (DockerfileException needsMore) {
            return word.raw();
        }
    }
}
