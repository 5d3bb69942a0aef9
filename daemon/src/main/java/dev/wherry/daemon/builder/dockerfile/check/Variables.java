package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Add;
import dev.wherry.daemon.builder.dockerfile.instruction.Arg;
import dev.wherry.daemon.builder.dockerfile.instruction.Copy;
import dev.wherry.daemon.builder.dockerfile.instruction.Env;
import dev.wherry.daemon.builder.dockerfile.instruction.Expose;
import dev.wherry.daemon.builder.dockerfile.instruction.Label;
import dev.wherry.daemon.builder.dockerfile.instruction.Run;
import dev.wherry.daemon.builder.dockerfile.instruction.StopSignal;
import dev.wherry.daemon.builder.dockerfile.instruction.UserInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.VolumeInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Workdir;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.text.Suggestion;
import dev.wherry.daemon.builder.dockerfile.word.HereDocument;
import dev.wherry.daemon.builder.dockerfile.word.VariableNames;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Names that nothing has given a value: UndefinedVar. */
final class Variables implements Check {

    /** Of shorter names every one is like every other. */
    private static final int SHORTEST_LIKENESS = 3;

    private final Set<String> globals = new HashSet<>();

    Variables(Dockerfile dockerfile) {
        dockerfile
                .globalArgs()
                .forEach(arg -> arg.declarations()
                        .forEach(declaration -> globals.add(declaration.name().raw())));
    }

    @Override
    public void see(SourceInstruction written, StageFacts stage, Findings findings) {
        if (stage.isBeforeFirst()) {
            return;
        }
        Set<String> told = new HashSet<>();
        switch (written.instruction()) {
            case Env env ->
                env.pairs().forEach(pair -> {
                    check(pair.key(), written, stage, told, findings);
                    check(pair.value(), written, stage, told, findings);
                });
            case Label label ->
                label.pairs().forEach(pair -> {
                    check(pair.key(), written, stage, told, findings);
                    check(pair.value(), written, stage, told, findings);
                });
            case Arg arg -> arg(arg, written, stage, told, findings);
            case Copy copy -> {
                copy.chown().ifPresent(word -> check(word, written, stage, told, findings));
                copy.sources().forEach(word -> check(word, written, stage, told, findings));
                documents(copy.documents(), written, stage, told, findings);
                check(copy.destination(), written, stage, told, findings);
            }
            case Add add -> {
                add.chown().ifPresent(word -> check(word, written, stage, told, findings));
                add.sources().forEach(word -> check(word, written, stage, told, findings));
                documents(add.documents(), written, stage, told, findings);
                check(add.destination(), written, stage, told, findings);
            }
            case Run run -> run.mounts().forEach(mount -> check(mount.value(), written, stage, told, findings));
            case Workdir workdir -> check(workdir.path(), written, stage, told, findings);
            case UserInstruction user -> check(user.user(), written, stage, told, findings);
            case StopSignal signal -> check(signal.signal(), written, stage, told, findings);
            case VolumeInstruction volume ->
                volume.paths().forEach(word -> check(word, written, stage, told, findings));
            case Expose expose -> expose.ports().forEach(word -> check(word, written, stage, told, findings));
            default -> {}
        }
    }

    /** Each declaration sees those before it. */
    private void arg(Arg arg, SourceInstruction written, StageFacts stage, Set<String> told, Findings findings) {
        for (Arg.Declaration declaration : arg.declarations()) {
            declaration.defaultValue().ifPresent(word -> check(word, written, stage, told, findings));
            told.add(declaration.name().raw());
        }
    }

    private void documents(
            List<HereDocument> documents,
            SourceInstruction written,
            StageFacts stage,
            Set<String> told,
            Findings findings) {
        for (HereDocument document : documents) {
            if (document.expands()) {
                List<String> names = VariableNames.inDocument(document.body(), document.escape());
                check(names, document.position(), written, stage, told, findings);
            }
        }
    }

    private void check(Word word, SourceInstruction written, StageFacts stage, Set<String> told, Findings findings) {
        check(VariableNames.in(word), word.position(), written, stage, told, findings);
    }

    private void check(
            List<String> names,
            Position position,
            SourceInstruction written,
            StageFacts stage,
            Set<String> told,
            Findings findings) {
        for (String name : names) {
            if (!stage.defines(name) && told.add(name)) {
                // A name that is declared before the first FROM is forgotten here, whatever the base image sets.
                String unless = stage.isKnown() || globals.contains(name)
                        ? ""
                        : " (unless the base image sets it, which is not in the store)";
                String hint = Optional.of(name)
                        .filter(unknown -> unknown.length() >= SHORTEST_LIKENESS)
                        .flatMap(unknown -> Suggestion.nearest(unknown, stage.names()))
                        .map(near -> " (did you mean $" + near + "?)")
                        .orElse("");
                findings.add(
                        Rule.UNDEFINED_VAR,
                        written,
                        position,
                        "Usage of undefined variable '$" + name + "'" + hint + unless);
            }
        }
    }
}
