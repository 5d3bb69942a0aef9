package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.builder.context.BuildContext;
import dev.wherry.daemon.builder.context.NamedContexts;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Reference;
import dev.wherry.v1.NamedContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The named contexts of one build, each opened when the Dockerfile first speaks of it. */
final class OpenContexts implements NamedContexts, AutoCloseable {

    private final Map<String, NamedContext> given = new HashMap<>();
    private final Map<String, Source> open = new HashMap<>();
    private final Deque<ContextOpener.Opened> opened = new ArrayDeque<>();
    private final Function<NamedContext, ContextOpener.Opened> opener;

    /** @throws InvalidInputException when a name is given twice */
    OpenContexts(List<NamedContext> contexts, Function<NamedContext, ContextOpener.Opened> opener) {
        this.opener = opener;
        for (NamedContext context : contexts) {
            if (given.put(canonical(context.getName()), context) != null) {
                throw new InvalidInputException("the build context \"" + context.getName() + "\" is given twice");
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
        return Optional.ofNullable(given.get(key)).map(context -> open.computeIfAbsent(key, _ -> source(context)));
    }

    /**
     * The same names for a Dockerfile that is read and not built: nothing is fetched.
     *
     * @param files stands for the files of each context
     */
    NamedContexts unopened(BuildContext files) {
        return name -> Optional.ofNullable(given.get(canonical(name))).map(context -> switch (context.getSourceCase()) {
            case IMAGE -> new Source.Image(context.getImage());
            case LAYOUT -> new Source.Layout(files, context.getLayout().getSelector());
            case LOCAL, URL, SOURCE_NOT_SET -> new Source.Directory(files);
        });
    }

    private Source source(NamedContext context) {
        return switch (context.getSourceCase()) {
            case IMAGE -> new Source.Image(context.getImage());
            case LOCAL, URL -> new Source.Directory(directory(context));
            case LAYOUT ->
                new Source.Layout(directory(context), context.getLayout().getSelector());
            case SOURCE_NOT_SET ->
                throw new InvalidInputException("the build context \"" + context.getName() + "\" has no source");
        };
    }

    private BuildContext directory(NamedContext context) {
        ContextOpener.Opened directory = opener.apply(context);
        opened.push(directory);
        return directory.context();
    }

    @Override
    public void close() {
        opened.forEach(ContextOpener.Opened::close);
    }
}
