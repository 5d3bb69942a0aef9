package dev.wherry.daemon.builder.copy;

import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.cache.Input.Kind;
import dev.wherry.daemon.builder.context.BuildContext;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code COPY} or {@code ADD} copies, and where to.
 *
 * @param origin where the sources are
 * @param documents files that come after the sources
 * @param destination absolute, with a trailing slash where it must be a directory
 * @param add true for an ADD
 */
public record CopySpec(
        Origin origin,
        List<String> sources,
        List<InlineFile> documents,
        String destination,
        CopyRules rules,
        boolean add) {

    private static final String AS_IS = "as in the source";

    public CopySpec {
        sources = List.copyOf(sources);
        documents = List.copyOf(documents);
    }

    /** Where the sources of a copy are. */
    public sealed interface Origin {

        /** In the build context. */
        record Context() implements Origin {}

        /** In a directory that the build was given by name. */
        record NamedContext(BuildContext context) implements Origin {}

        /** In the result of another vertex: the first of those that the step reads. */
        record Result() implements Origin {}

        /** On web servers, in git repositories and in the build context. */
        record Remote(FetchRules rules) implements Origin {}

        /** True if files come without meaningful times, since when a file was checked out is no property of it. */
        default boolean isUndated() {
            return !(this instanceof Result);
        }
    }

    /** The same files, chosen and placed by other rules. */
    CopySpec with(CopyRules other) {
        return new CopySpec(origin, sources, documents, destination, other, add);
    }

    /** The inputs of a copy of these sources. */
    List<Input> inputs(List<String> names) {
        List<Input> inputs = place(names);
        inputs.add(Input.of(
                Kind.OWNER,
                rules.owner()
                        .map(owner -> Input.word(owner, "root"))
                        .orElse(origin instanceof Origin.Result ? AS_IS : "root")));
        return inputs;
    }

    /** The inputs of the layer that a copy with {@code --link} makes. */
    List<Input> layerInputs() {
        List<Input> inputs = place(sources);
        rules.owner()
                .flatMap(Owner::ofNumbers)
                .ifPresent(owner -> inputs.add(Input.of(Kind.OWNER, owner.uid() + ":" + owner.gid())));
        return inputs;
    }

    private List<Input> place(List<String> names) {
        List<Input> inputs = new ArrayList<>();
        inputs.add(Input.of(Kind.INSTRUCTION, add ? "ADD" : "COPY"));
        inputs.add(Input.of(Kind.SOURCES, Input.words(names)));
        documents.forEach(document -> inputs.add(Input.of(Kind.HEREDOC, document.name(), document.text())));
        inputs.add(Input.of(Kind.DESTINATION, destination));
        inputs.add(Input.of(
                Kind.MODE, rules.mode().map(mode -> Input.word(mode.text())).orElse(AS_IS)));
        if (!rules.excludes().isEmpty()) {
            inputs.add(Input.option("exclude", Input.words(rules.excludes())));
        }
        flag(inputs, "parents", rules.parents());
        flag(inputs, "link", rules.link());
        flag(inputs, "unpack", rules.unpack());
        return inputs;
    }

    private static void flag(List<Input> inputs, String name, boolean set) {
        if (set) {
            inputs.add(Input.option(name, "true"));
        }
    }
}
