package dev.wherry.cli.command.builder;

import dev.wherry.cli.command.KeyValues;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.BuildResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Flags of {@code wherry build} about what becomes of the result. */
final class OutputFlags {
    @Option(
            names = {"-t", "--tag"},
            paramLabel = "NAME[:TAG]",
            description = "Name of the image; may be repeated")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Label of the image")
    private List<String> labels = new ArrayList<>();

    @Option(names = "--iidfile", paramLabel = "FILE", description = "Write the image's ID to a file")
    private String idFile = "";

    void into(BuildOptions.Builder options) {
        options.addAllTags(tags).putAllLabels(KeyValues.labels(labels));
    }

    /** A file of an earlier build must not be taken for one of this, should it fail. */
    void begin() throws IOException {
        if (!idFile.isEmpty()) {
            Files.deleteIfExists(Path.of(idFile));
        }
    }

    void finish(BuildResult result) throws IOException {
        if (!idFile.isEmpty()) {
            Files.writeString(Path.of(idFile), result.getImageId());
        }
    }
}
