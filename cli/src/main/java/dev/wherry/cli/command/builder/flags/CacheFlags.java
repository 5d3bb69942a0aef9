package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.client.builds.BuildOutputs;
import dev.wherry.cli.client.builds.ClientContexts;
import dev.wherry.cli.view.Console;
import dev.wherry.v1.BuildOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Flags of {@code wherry build} about the use of the cache. */
public final class CacheFlags {
    @Option(names = "--no-cache", description = "Do not use the cache when building the image")
    private boolean noCache;

    @Option(
            names = "--no-cache-filter",
            paramLabel = "STAGE",
            split = ",",
            description = "Do not cache the specified stage")
    private List<String> noCacheStages = new ArrayList<>();

    @Option(names = "--pull", description = "Always attempt to pull newer versions of the base images")
    private boolean pull;

    @Option(
            names = "--cache-from",
            paramLabel = "SOURCE",
            description =
                    "External cache source: IMAGE, type=registry,ref=IMAGE, type=local,src=DIR or type=gha; can be"
                            + " repeated")
    private List<String> sources = new ArrayList<>();

    @Option(
            names = "--cache-to",
            paramLabel = "DESTINATION",
            description =
                    "Cache export destination: type=registry,ref=IMAGE, type=local,dest=DIR, type=gha or type=inline,"
                            + " each with mode=min|max; can be repeated")
    private List<String> destinations = new ArrayList<>();

    private List<CacheFrom> from = List.of();
    private List<CacheTo> to = List.of();

    public void into(BuildOptions.Builder options, Console console) {
        Consumer<String> missing = warning -> console.err().println("WARNING: " + warning);
        from = sources.stream()
                .flatMap(text -> CacheFrom.parse(text, console.environment(), missing).stream())
                .toList();
        to = destinations.stream()
                .flatMap(text -> CacheTo.parse(text, console.environment(), missing).stream())
                .toList();
        from.forEach(source -> options.addCacheFrom(source.message()));
        to.forEach(target -> options.addCacheTo(target.message()));
        options.setNoCache(noCache).addAllNoCacheFilter(noCacheStages).setPull(pull);
    }

    /** The files of this side that a build may ask for, with those of the caches. */
    public ClientContexts with(ClientContexts contexts) {
        Map<String, Path> named = new HashMap<>(contexts.named());
        for (int i = 0; i < from.size(); i++) {
            String name = "cache-from " + i;
            from.get(i).folder().ifPresent(folder -> named.put(name, folder));
        }
        return new ClientContexts(contexts.main(), contexts.archive(), named);
    }

    /** Opens the directories that caches go to. */
    public void begin(BuildOutputs outputs, Console console) throws IOException {
        for (int i = 0; i < to.size(); i++) {
            if (to.get(i).folder().isPresent()) {
                outputs.folder(
                        -1 - i,
                        to.get(i).folder().get(),
                        warning -> console.err().println("WARNING: " + warning));
            }
        }
    }
}
