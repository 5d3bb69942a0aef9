package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.context.ImagePaths;
import dev.wherry.daemon.builder.copy.CopyRules;
import dev.wherry.daemon.builder.copy.CopySpec;
import dev.wherry.daemon.builder.copy.CopySpec.Origin;
import dev.wherry.daemon.builder.copy.FetchRules;
import dev.wherry.daemon.builder.copy.InlineFile;
import dev.wherry.daemon.builder.copy.ModeChange;
import dev.wherry.daemon.builder.dockerfile.instruction.Add;
import dev.wherry.daemon.builder.dockerfile.instruction.Copy;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.word.HereDocument;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a COPY or ADD: what is copied, to where, and by which rules. */
final class CopyReader {

    private final Scope scope;
    private final String workingDir;

    CopyReader(Scope scope, String workingDir) {
        this.scope = scope;
        this.workingDir = workingDir;
    }

    /**
     * An instruction that has been read.
     *
     * @param text as the history of the image shows it
     */
    record Transfer(CopySpec spec, String text) {}

    /** @param origin where {@code --from} leads; empty for the build context */
    Transfer copy(Copy copy, Optional<Origin> origin) {
        CopyRules rules = new CopyRules(
                owner(copy.chown()),
                mode(copy.chmod(), copy),
                excludes(copy.excludes(), copy),
                copy.parents(),
                copy.link(),
                false);
        return transfer(
                origin.orElseGet(Origin.Context::new),
                copy.sources(),
                copy.documents(),
                copy.destination(),
                rules,
                false);
    }

    Transfer add(Add add) {
        Optional<Origin> fetched = FetchRules.of(add, scope).map(Origin.Remote::new);
        CopyRules rules = new CopyRules(
                owner(add.chown()),
                mode(add.chmod(), add),
                excludes(add.excludes(), add),
                false,
                add.link(),
                add.unpack().orElse(fetched.isEmpty()));
        return transfer(
                fetched.orElseGet(Origin.Context::new), add.sources(), add.documents(), add.destination(), rules, true);
    }

    private Transfer transfer(
            Origin origin,
            List<Word> sourceWords,
            List<HereDocument> hereDocuments,
            Word destinationWord,
            CopyRules rules,
            boolean add) {
        List<String> sources = new ArrayList<>();
        sourceWords.forEach(word -> sources.add(word.expand(scope)));
        List<InlineFile> documents = hereDocuments.stream()
                .map(document -> new InlineFile(document.name(), document.text(scope)))
                .toList();
        String destination = destinationWord.expand(scope);
        String path = ImagePaths.absolute(workingDir, destination);
        // Without a slash, several sources are copied to the same name one after the other, unless it is a directory.
        boolean directory = destination.isEmpty()
                || destination.equals(".")
                || destination.endsWith("/")
                || destination.endsWith("/.");
        CopySpec spec = new CopySpec(
                origin, sources, documents, directory && !path.endsWith("/") ? path + "/" : path, rules, add);
        List<String> shown = new ArrayList<>(sources);
        documents.forEach(document -> shown.add("<<" + document.name()));
        return new Transfer(
                spec, (add ? "ADD " : "COPY ") + flags(rules) + String.join(" ", shown) + " " + destination);
    }

    /** The flags that the history of an image shows. */
    private static String flags(CopyRules rules) {
        return (rules.parents() ? "--parents " : "")
                + rules.owner().map(owner -> "--chown=" + owner + " ").orElse("")
                + rules.mode().map(mode -> "--chmod=" + mode.text() + " ").orElse("");
    }

    private Optional<String> owner(Optional<Word> chown) {
        return chown.map(word -> word.expand(scope)).filter(owner -> !owner.isEmpty());
    }

    private Optional<ModeChange> mode(Optional<Word> chmod, Instruction instruction) {
        return chmod.map(word -> word.expand(scope))
                .filter(text -> !text.isEmpty())
                .map(text -> {
                    try {
                        return ModeChange.parse(text);
                    } catch (IllegalArgumentException wrong) {
                        throw new DockerfileException(
                                instruction.position(),
                                text,
                                "--chmod takes a number such as 755 or changes such as u=rwX,go=rX, not \"" + text
                                        + "\": " + wrong.getMessage());
                    }
                });
    }

    private List<String> excludes(List<Word> words, Instruction instruction) {
        List<String> patterns = words.stream().map(word -> word.expand(scope)).toList();
        try {
            IgnorePatterns.of(patterns);
            return patterns;
        } catch (IllegalArgumentException wrong) {
            throw new DockerfileException(
                    instruction.position(), instruction.source(), "--exclude: " + wrong.getMessage());
        }
    }
}
