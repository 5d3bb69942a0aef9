package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.AnnotateManifestRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry manifest annotate}. */
@Command
public final class AnnotateManifestCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(names = "--arch", paramLabel = "ARCH", description = "Set architecture")
    private String architecture = "";

    @Option(names = "--os", paramLabel = "OS", description = "Set operating system")
    private String os = "";

    @Option(
            names = "--os-features",
            paramLabel = "FEATURE[,…]",
            split = ",",
            description = "Add operating system features")
    private List<String> osFeatures = new ArrayList<>();

    @Option(names = "--os-version", paramLabel = "VERSION", description = "Set operating system version")
    private String osVersion = "";

    @Option(names = "--variant", paramLabel = "VARIANT", description = "Set architecture variant")
    private String variant = "";

    @Parameters(paramLabel = "MANIFEST_LIST", index = "0")
    private String list;

    @Parameters(paramLabel = "MANIFEST", index = "1")
    private String manifest;

    public AnnotateManifestCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        session.daemon()
                .manifestLists()
                .annotate(AnnotateManifestRequest.newBuilder()
                        .setList(list)
                        .setManifest(manifest)
                        .setOs(os)
                        .setArchitecture(architecture)
                        .setVariant(variant)
                        .setOsVersion(osVersion)
                        .addAllOsFeatures(osFeatures)
                        .build());
        return ExitStatus.SUCCESS;
    }
}
