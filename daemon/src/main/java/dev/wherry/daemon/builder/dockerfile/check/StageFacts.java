package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.instruction.Arg;
import dev.wherry.daemon.builder.dockerfile.instruction.Env;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Shell;
import dev.wherry.daemon.builder.dockerfile.instruction.Workdir;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.dockerfile.word.VariableNames;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is known at a point of a stage: its variables, as far as base images tell, and which things it has set. */
final class StageFacts {

    private final CheckContext surroundings;
    private final boolean beforeFirst;
    private final Map<String, String> env = new HashMap<>();
    private final Map<String, String> args = new HashMap<>();
    private final Set<String> unset = new HashSet<>();
    private boolean known = true;
    private boolean shell;
    private boolean workdir;

    private StageFacts(CheckContext surroundings, boolean beforeFirst) {
        this.surroundings = surroundings;
        this.beforeFirst = beforeFirst;
        env.put("PATH", "");
    }

    /** Of the instructions before the first FROM. */
    static StageFacts beforeFirst(CheckContext surroundings) {
        return new StageFacts(surroundings, true);
    }

    /** Of a stage that is only read, not looked at as a whole. */
    static StageFacts ofReading() {
        return new StageFacts(null, false);
    }

    /** @param before those of the stages before it, complete */
    static StageFacts of(From from, Dockerfile dockerfile, List<StageFacts> before, CheckContext surroundings) {
        StageFacts facts = new StageFacts(surroundings, false);
        Optional<String> base = expanded(() -> from.image().expand(surroundings.globals()));
        Optional<StageFacts> stage = base.flatMap(name -> named(name, dockerfile, before));
        if (stage.isPresent()) {
            facts.env.putAll(stage.get().env);
            facts.args.putAll(stage.get().args);
            facts.unset.addAll(stage.get().unset);
            facts.known = stage.get().known;
            facts.shell = stage.get().shell;
            facts.workdir = stage.get().workdir;
        } else if (!base.equals(Optional.of(From.SCRATCH))) {
            Optional<CheckContext.Base> image = base.flatMap(surroundings.bases());
            facts.known = image.isPresent();
            image.ifPresent(found -> {
                facts.env.putAll(found.env());
                facts.shell = found.hasShell();
            });
        }
        return facts;
    }

    private static Optional<StageFacts> named(String name, Dockerfile dockerfile, List<StageFacts> before) {
        for (int i = before.size() - 1; i >= 0; i--) {
            Stage stage = dockerfile.stages().get(i);
            if (stage.name().isPresent() && stage.name().get().equalsIgnoreCase(name)) {
                return Optional.of(before.get(i));
            }
        }
        return Optional.empty();
    }

    /** Takes in an instruction, after the checks have seen it. */
    void take(Instruction instruction) {
        switch (instruction) {
            case Arg arg -> arg.declarations().forEach(this::declare);
            case Env env -> {
                Map<String, String> set = new HashMap<>();
                env.pairs()
                        .forEach(pair -> set.put(
                                text(pair.key()).orElse(pair.key().raw()),
                                text(pair.value()).orElse(null)));
                this.env.putAll(set);
            }
            case Shell ignored -> shell = true;
            case Workdir ignored -> workdir = true;
            default -> {}
        }
    }

    private void declare(Arg.Declaration declaration) {
        String name = declaration.name().raw();
        Optional<String> value = Optional.ofNullable(surroundings.buildArgs().get(name));
        if (value.isEmpty() && declaration.defaultValue().isPresent()) {
            args.put(name, text(declaration.defaultValue().get()).orElse(null));
            return;
        }
        value = value.or(() -> surroundings.globals().get(name));
        if (value.isPresent()) {
            args.put(name, value.get());
        } else {
            unset.add(name);
        }
    }

    boolean isBeforeFirst() {
        return beforeFirst;
    }

    /** Whether all variables of the stage are known. */
    boolean isKnown() {
        return known;
    }

    boolean defines(String name) {
        return env.containsKey(name) || args.containsKey(name) || unset.contains(name);
    }

    Set<String> names() {
        Set<String> names = new HashSet<>(env.keySet());
        names.addAll(args.keySet());
        return names;
    }

    boolean hasShell() {
        return shell;
    }

    boolean hasWorkdir() {
        return workdir;
    }

    /** What a word becomes, when the values of all its variables are known. */
    Optional<String> text(Word word) {
        return value(word, scope -> word.expand(scope));
    }

    /** What a word becomes when it may become several. */
    Optional<List<String>> words(Word word) {
        return value(word, scope -> word.expandToWords(scope));
    }

    private <T> Optional<T> value(Word word, Function<Scope, T> expansion) {
        for (String name : VariableNames.in(word)) {
            boolean valued = env.containsKey(name) ? env.get(name) != null : args.get(name) != null;
            boolean none = known && !defines(name) || unset.contains(name) && !env.containsKey(name);
            if (!valued && !none || name.equals("PATH")) {
                return Optional.empty();
            }
        }
        return expanded(() ->
                expansion.apply(name -> Optional.ofNullable(env.containsKey(name) ? env.get(name) : args.get(name))));
    }

    /** Nothing where the expansion fails: the build says why when it gets there. */
    private static <T> Optional<T> expanded(Supplier<T> expansion) {
        try {
            return Optional.of(expansion.get());
        } catch (DockerfileException failure) {
            return Optional.empty();
        }
    }
}
