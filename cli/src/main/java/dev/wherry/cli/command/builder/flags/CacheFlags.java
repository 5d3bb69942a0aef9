package dev.wherry.cli.command.builder.flags;

import dev.wherry.v1.BuildOptions;
import java.util.ArrayList;
import java.util.List;
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

    public void into(BuildOptions.Builder options) {
        options.setNoCache(noCache).addAllNoCacheFilter(noCacheStages).setPull(pull);
    }
}
