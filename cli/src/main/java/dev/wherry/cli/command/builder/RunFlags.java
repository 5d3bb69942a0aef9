package dev.wherry.cli.command.builder;

import dev.wherry.v1.BuildOptions;
import picocli.CommandLine.Option;

/** Flags of {@code wherry build} about what the processes of RUN get. */
final class RunFlags {
    @Option(names = "--network", paramLabel = "default|host|none", description = "Network of RUN instructions")
    private String network = "";

    void into(BuildOptions.Builder options) {
        options.setNetwork(network);
    }
}
