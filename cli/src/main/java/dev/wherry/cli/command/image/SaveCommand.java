package dev.wherry.cli.command.image;

import dev.wherry.cli.client.files.FolderTarget;
import dev.wherry.cli.client.files.OutputTarget;
import dev.wherry.cli.client.files.SaveCall;
import dev.wherry.cli.client.files.StreamTarget;
import dev.wherry.cli.command.RedirectedOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.SaveImagesRequest;
import dev.wherry.v1.SaveImagesRequest.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry save}. */
@Command
public final class SaveCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to a file, instead of standard output")
    private String output = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Format of the archive: docker, or oci for an OCI image layout")
    private String format = "docker";

    @Option(names = "--platform", paramLabel = "OS/ARCH", description = "Save only the image for this platform")
    private String platform = "";

    @Parameters(paramLabel = "IMAGE", arity = "1..*")
    private List<String> images;

    public SaveCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        RedirectedOutput.require(output, session.console());
        Format kind = kind();
        boolean folder = kind == Format.FORMAT_OCI
                && !output.isEmpty()
                && (output.endsWith("/") || Files.isDirectory(Path.of(output)));
        SaveImagesRequest request = SaveImagesRequest.newBuilder()
                .addAllImages(images)
                .setFormat(kind)
                .setPlatform(platform)
                .setFolder(folder)
                .build();
        SaveCall.run(session.daemon(), request, target(folder));
        return ExitStatus.SUCCESS;
    }

    private Format kind() {
        return switch (format) {
            case "docker", "docker-archive" -> Format.FORMAT_DOCKER;
            case "oci", "oci-archive", "oci-dir" -> Format.FORMAT_OCI;
            default -> throw new Failure("--format " + format + ": must be docker or oci");
        };
    }

    private OutputTarget target(boolean folder) throws IOException {
        if (folder) {
            return FolderTarget.of(Path.of(output), session.console()::error);
        }
        return StreamTarget.of(output, session.console().out());
    }
}
