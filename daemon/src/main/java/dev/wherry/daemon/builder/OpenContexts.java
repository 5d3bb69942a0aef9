package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.context.ContextSource;
import dev.wherry.daemon.builder.context.NamedContexts;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Reference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The named contexts of one build, each opened when the Dockerfile first names it. */
final class OpenContexts implements NamedContexts, AutoCloseable {

    private final Map<String, BuildRequest.Named> given = new HashMap<>();
    private final Map<String, Source> open = new HashMap<>();
    private final Deque<ContextOpener.Opened> opened = new ArrayDeque<>();
    private final Opener opener;

    /** Opens the files of a context. */
    @FunctionalInterface
    interface Opener {
        ContextOpener.Opened open(String name, ContextSource source);
    }

    /** @throws InvalidInputException when a name is given twice */
    OpenContexts(List<BuildRequest.Named> contexts, Opener opener) {
        this.opener = opener;
        for (BuildRequest.Named context : contexts) {
            if (given.put(canonical(context.name()), context) != null) {
                throw new InvalidInputException("the build context \"" + context.name() + "\" is given twice");
            }
        }
    }

    /** {@code alpine}, {@code alpine:latest} and {@code docker.io/library/alpine} are the same image, and so one name. */
    private static String canonical(String name) {
        try {
            String familiar = Reference.parse(name).familiar();
            return familiar.endsWith(":latest") ? familiar.substring(0, familiar.length() - 7) : familiar;
        } catch (InvalidInputException onlyAStage) {
            return name.toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Optional<Source> find(String name) {
        if (given.isEmpty()) {
            return Optional.empty();
        }
        String key = canonical(name);
        return Optional.ofNullable(given.get(key))
                .map(context -> open.computeIfAbsent(key, _ -> source(context, this::files)));
    }

    /**
     * The same names for a Dockerfile that is read and not built: nothing is fetched.
     *
     * @param files stands for the files of each context
     */
    NamedContexts unopened(BuildContext files) {
        return name -> Optional.ofNullable(given.get(canonical(name))).map(context -> source(context, _ -> files));
    }

    private static Source source(BuildRequest.Named context, Function<BuildRequest.Named, BuildContext> files) {
        return switch (context.source()) {
            case ContextSource.Image(String reference) -> new Source.Image(reference);
            case ContextSource.Layout layout -> new Source.Layout(files.apply(context), layout.selector());
            case ContextSource.Files _ -> new Source.Directory(files.apply(context));
        };
    }

    private BuildContext files(BuildRequest.Named context) {
        ContextOpener.Opened files = opener.open(context.name(), context.source());
        opened.push(files);
        return files.context();
    }

    @Override
    public void close() {
        opened.forEach(ContextOpener.Opened::close);
    }
}
