package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Add;
import dev.wherry.daemon.builder.dockerfile.instruction.Copy;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** Files of the context that no build sees: CopyIgnoredFile. */
final class IgnoredSources implements Check {

    private final Supplier<IgnorePatterns> source;
    private IgnorePatterns ignored;

    IgnoredSources(Supplier<IgnorePatterns> source) {
        this.source = source;
    }

    @Override
    public void see(SourceInstruction written, StageFacts stage, Findings findings) {
        boolean copies = written.instruction() instanceof Copy || written.instruction() instanceof Add;
        if (!copies || !findings.wants(Rule.COPY_IGNORED_FILE, written)) {
            return;
        }
        ignored = ignored == null ? source.get() : ignored;
        if (ignored.haveExceptions()) {
            // Below an exception to a pattern there may be files that are seen.
            return;
        }
        if (written.instruction() instanceof Copy copy && copy.from().isEmpty()) {
            copy.sources().forEach(source -> check("Copy", source, written, stage, findings));
        } else if (written.instruction() instanceof Add add) {
            add.sources().forEach(source -> check("Add", source, written, stage, findings));
        }
    }

    private void check(String verb, Word word, SourceInstruction written, StageFacts stage, Findings findings) {
        stage.text(word)
                .filter(source -> !Add.isRemote(source))
                .map(IgnoredSources::clean)
                .filter(path -> path.isEmpty() ? ignored.ignoreEverything() : ignored.ignores(path))
                .ifPresent(path -> findings.add(
                        Rule.COPY_IGNORED_FILE,
                        written,
                        word.position(),
                        "Attempting to " + verb + " file \"" + (path.isEmpty() ? "." : path)
                                + "\" that is excluded by .dockerignore"));
    }

    /** The path from the root of the context; empty for the root itself. */
    private static String clean(String source) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : source.split("/")) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return String.join("/", names);
    }
}
